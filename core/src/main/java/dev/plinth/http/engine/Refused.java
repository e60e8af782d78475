package dev.plinth.http.engine;

import dev.plinth.error.Category;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A request that the engine answers by itself, and closes the connection behind. */
final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    private Refused(int status, String code, String detail) {
        super(detail);
        this.status = status;
        this.code = code;
    }

    static Refused malformed(String detail) {
        return new Refused(400, "MALFORMED_REQUEST", detail);
    }

    static Refused tooSlow() {
        return new Refused(408, "REQUEST_TIMEOUT", "the request did not arrive in time");
    }

    static Refused lineTooLong() {
        return new Refused(414, "URI_TOO_LONG", "the request line is too long");
    }

    static Refused headersTooLarge() {
        return new Refused(431, "HEADERS_TOO_LARGE", "the headers are too large or too many");
    }

    static Refused unanswered() {
        return new Refused(500, "INTERNAL_ERROR", "the service failed");
    }

    static Refused unknownCoding() {
        return new Refused(
                501, "UNSUPPORTED_TRANSFER_CODING", "the only transfer coding that is understood is chunked");
    }

    static Refused version() {
        return new Refused(505, "HTTP_VERSION_NOT_SUPPORTED", "the HTTP version is not supported");
    }

    /** Client mistakes need no stack. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    int status() {
        return status;
    }

    /** RFC 9457, as the chassis writes it. All texts are constants of this class's callers and need no escaping. */
    byte[] json() {
        var category =
                switch (status) {
                    case 500 -> Category.UNKNOWN;
                    case 501, 505 -> Category.UNSUPPORTED;
                    default -> Category.BAD_REQUEST;
                };
        return ("{\"type\":\"about:blank\",\"title\":\"" + Status.phrase(status) + "\",\"status\":" + status
                        + ",\"detail\":\"" + getMessage() + "\",\"code\":\"" + code + "\",\"category\":\""
                        + category.wireName() + "\",\"trace_id\":\"\"}")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
