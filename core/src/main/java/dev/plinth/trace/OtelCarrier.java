package dev.plinth.trace;

import dev.plinth.context.Context;
import dev.plinth.context.TraceIds;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import org.jspecify.annotations.Nullable;

/**
 * Sets OpenTelemetry's own context beside ours, so that the spans of libraries nest in ours; and so that they are left
 * out where ours is.
 */
class OtelCarrier implements Context.Carrier {
    private final io.opentelemetry.context.Context otel;

    OtelCarrier(Span span) {
        this.otel = io.opentelemetry.context.Context.root().with(span);
    }

    /** For a trace that is not recorded. */
    OtelCarrier(TraceIds ids) {
        this(Span.wrap(
                SpanContext.create(ids.traceId(), ids.spanId(), TraceFlags.getDefault(), TraceState.getDefault())));
    }

    @Override
    public final <T extends @Nullable Object, X extends Throwable> T call(ScopedValue.CallableOp<T, X> work) throws X {
        try (var _ = otel.makeCurrent()) {
            return work.call();
        }
    }

    @Override
    public final void run(Runnable work) {
        try (var _ = otel.makeCurrent()) {
            work.run();
        }
    }
}
