package dev.plinth.trace;

/** Which of Zipkin's B3 headers go out beside {@code traceparent}. Coming in, both forms are always understood. */
public enum B3 {
    /** None. */
    NONE,
    /** The one header {@code b3}. */
    SINGLE,
    /** {@code X-B3-TraceId}, {@code X-B3-SpanId}, {@code X-B3-ParentSpanId}, {@code X-B3-Sampled}. */
    MULTI
}
