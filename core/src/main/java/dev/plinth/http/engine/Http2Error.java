package dev.plinth.http.engine;

import java.io.IOException;

/** What the client did that ends its HTTP/2 connection; it is told by {@code GOAWAY} (RFC 9113, section 5.4.1). */
final class Http2Error extends IOException {
    private static final long serialVersionUID = 1L;

    static final int NO_ERROR = 0;
    static final int PROTOCOL = 1;
    static final int INTERNAL = 2;
    static final int FLOW_CONTROL = 3;
    static final int STREAM_CLOSED = 5;
    static final int FRAME_SIZE = 6;
    static final int REFUSED_STREAM = 7;
    static final int CANCEL = 8;
    static final int COMPRESSION = 9;
    static final int ENHANCE_YOUR_CALM = 11;

    private final int code;

    Http2Error(int code, String what) {
        super(what);
        this.code = code;
    }

    /** Client mistakes need no stack. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    int code() {
        return code;
    }
}
