package dev.plinth.trace;

import dev.plinth.context.Context;
import org.jspecify.annotations.Nullable;

/**
 * The part of a trace that is one call to another service, or one try of it. Begun by {@link Tracing#client}, ended
 * exactly once.
 *
 * <p>Used by one thread at a time.
 */
public final class ClientSpan {
    private final Context context;
    private final @Nullable RecordedSpan recorded;

    ClientSpan(Context context, @Nullable RecordedSpan recorded) {
        this.context = context;
        this.recorded = recorded;
    }

    /** The caller's context within this span: what the headers are written from, and what to make the call in. */
    public Context context() {
        return context;
    }

    /** Whether attributes are kept. Ask before computing one. */
    public boolean isRecorded() {
        return recorded != null;
    }

    /** Says more about the call; names as in OpenTelemetry's conventions, {@code http.request.resend_count} for example. */
    public ClientSpan attribute(String key, String value) {
        if (recorded != null) {
            recorded.attribute(key, value);
        }
        return this;
    }

    /** Says more about the call, in numbers. */
    public ClientSpan attribute(String key, long value) {
        if (recorded != null) {
            recorded.attribute(key, value);
        }
        return this;
    }

    /**
     * Ends it.
     *
     * @param url where the call went, without user, password and query
     * @param route the pattern of the path, {@code /quotes/{id}}; null where there is none
     * @param status the answer's status; 0 where no answer came
     * @param failure why no answer came, or why it could not be read; only its type is recorded
     */
    public void end(String method, String url, @Nullable String route, int status, @Nullable Throwable failure) {
        if (recorded != null) {
            HttpSpan.endClient(recorded, method, url, route, status, failure);
        }
    }
}
