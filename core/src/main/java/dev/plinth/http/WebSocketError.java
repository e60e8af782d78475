package dev.plinth.http;

import java.io.IOException;

/** A client broke the rules of RFC 6455, or a limit; it is told the code and sent away. */
final class WebSocketError extends IOException {
    static final int PROTOCOL = 1002;
    static final int UNSUPPORTED = 1003;
    static final int BAD_DATA = 1007;
    static final int POLICY = 1008;
    static final int TOO_LARGE = 1009;

    private static final long serialVersionUID = 1L;

    private final int code;

    WebSocketError(int code, String reason) {
        super(reason);
        this.code = code;
    }

    static WebSocketError protocol(String reason) {
        return new WebSocketError(PROTOCOL, reason);
    }

    int code() {
        return code;
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    /** Client mistakes need no stack. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
