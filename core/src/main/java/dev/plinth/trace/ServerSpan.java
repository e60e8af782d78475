package dev.plinth.trace;

import dev.plinth.context.Context;
import dev.plinth.context.TraceIds;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a trace that is the handling of one request here. Begun by {@link Tracing#server}, ended exactly once.
 *
 * <p>Used by one thread at a time.
 */
public final class ServerSpan {
    private final TraceIds ids;
    private final Map<String, String> baggage;
    private final Context.@Nullable Carrier carrier;
    private final @Nullable RecordedSpan recorded;

    ServerSpan(
            TraceIds ids,
            Map<String, String> baggage,
            Context.@Nullable Carrier carrier,
            @Nullable RecordedSpan recorded) {
        this.ids = ids;
        this.baggage = baggage;
        this.carrier = carrier;
        this.recorded = recorded;
    }

    /** The ids of the request: the caller's trace, a span of our own. */
    public TraceIds ids() {
        return ids;
    }

    /** {@code base} within this span: the context to handle the request in. */
    public Context context(Context base) {
        var context = base.withTrace(ids, carrier);
        return baggage.isEmpty() ? context : context.withBaggage(baggage);
    }

    /** Whether attributes are kept. Ask before computing one. */
    public boolean isRecorded() {
        return recorded != null;
    }

    /** Says more about the request; names as in OpenTelemetry's conventions, {@code server.address} for example. */
    public ServerSpan attribute(String key, String value) {
        if (recorded != null) {
            recorded.attribute(key, value);
        }
        return this;
    }

    /** Says more about the request, in numbers. */
    public ServerSpan attribute(String key, long value) {
        if (recorded != null) {
            recorded.attribute(key, value);
        }
        return this;
    }

    /**
     * Ends it, after the answer was sent.
     *
     * @param path the path as it was asked for, without the query
     * @param route the pattern that matched, {@code /orders/{id}}; null where none did
     * @param failure what the handler threw and no problem document explains; only its type is recorded, since texts
     *     and stacks may hold what should not leave the log
     */
    public void end(String method, String path, @Nullable String route, int status, @Nullable Throwable failure) {
        if (recorded != null) {
            HttpSpan.endServer(recorded, method, path, route, status, failure);
        }
    }
}
