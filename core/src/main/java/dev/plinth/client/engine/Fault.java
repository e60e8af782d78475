package dev.plinth.client.engine;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why there is no answer, or no more of it. The message says what was wrong, and nothing of the target. */
public final class Fault extends IOException {
    private static final long serialVersionUID = 1L;

    /** The kinds of failure. */
    public enum Kind {
        /** No connection could be made: refused, unknown host, no route, a failed handshake, too slow to connect. */
        UNREACHABLE,
        /** All connections were in use for too long. */
        NO_CONNECTION_FREE,
        /** The deadline passed. */
        TIMEOUT,
        /** What came is no HTTP, or can be understood in two ways. */
        MALFORMED,
        /** The connection ended or failed. */
        BROKEN,
        /** The waiting thread was interrupted. */
        INTERRUPTED
    }

    private final Kind kind;
    private final boolean sent;
    private final boolean stale;

    private Fault(Kind kind, boolean sent, boolean stale, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.sent = sent;
        this.stale = stale;
    }

    /** A failure before a single byte was sent: any request may be sent again. */
    public static Fault notSent(Kind kind, String message, @Nullable Throwable cause) {
        return new Fault(kind, false, false, message, cause);
    }

    /** A failure after which the other side may have seen the request. */
    public static Fault sent(Kind kind, String message, @Nullable Throwable cause) {
        return new Fault(kind, true, false, message, cause);
    }

    /** The same on a kept connection that the other side ended without a word, most likely before it saw the request. */
    Fault onKeptConnection() {
        var fault = new Fault(kind, sent, true, String.valueOf(getMessage()), getCause());
        fault.setStackTrace(getStackTrace());
        return fault;
    }

    /** The same with the address in its text: for logs, not for callers. */
    public Fault at(Target target) {
        var fault = new Fault(kind, sent, stale, target + ": " + getMessage(), this);
        fault.setStackTrace(new StackTraceElement[0]);
        return fault;
    }

    /** What kind of failure. */
    public Kind kind() {
        return kind;
    }

    /** Whether the other side may have seen the request. */
    public boolean sent() {
        return sent;
    }

    /** Whether a kept connection had ended meanwhile: worth another attempt at once where the method allows it. */
    public boolean stale() {
        return stale;
    }
}
