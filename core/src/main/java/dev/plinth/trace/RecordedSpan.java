package dev.plinth.trace;

import dev.plinth.context.TraceIds;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;

/** A span that OpenTelemetry records. */
final class RecordedSpan extends OtelCarrier {
    private static final AttributeKey<String> EXCEPTION_TYPE = AttributeKey.stringKey("exception.type");

    private final Span span;
    private final TraceIds ids;
    private final boolean server;

    RecordedSpan(Span span, String parentId, String state, boolean server) {
        super(span);
        var context = span.getSpanContext();
        this.span = span;
        this.ids = new TraceIds(context.getTraceId(), context.getSpanId(), parentId, context.isSampled(), state);
        this.server = server;
    }

    TraceIds ids() {
        return ids;
    }

    boolean isServer() {
        return server;
    }

    void rename(String name) {
        span.updateName(name);
    }

    void attribute(String key, String value) {
        span.setAttribute(key, value);
    }

    void attribute(String key, long value) {
        span.setAttribute(key, value);
    }

    void fail(String errorType) {
        span.setAttribute("error.type", errorType);
        span.setStatus(StatusCode.ERROR);
    }

    /** The type alone: texts and stacks stay in the log. */
    void fail(Throwable thrown) {
        var type = thrown.getClass().getName();
        span.addEvent("exception", Attributes.of(EXCEPTION_TYPE, type));
        fail(type);
    }

    void end() {
        span.end();
    }
}
