package dev.plinth.context;

/**
 * The ids that tie log lines, spans and calls of one request together: those of W3C Trace Context.
 *
 * @param traceId 32 hexadecimal digits, or empty
 * @param spanId 16 hexadecimal digits, or empty
 * @param parentId the span that caused this one, or empty
 * @param sampled whether the trace is recorded
 * @param state what other tracing systems on the way have to say ({@code tracestate}), handed on as it came, or empty
 */
public record TraceIds(String traceId, String spanId, String parentId, boolean sampled, String state) {
    /** Outside any trace. */
    public static final TraceIds NONE = new TraceIds("", "", "", false);

    /** Ids of a trace that has no state. */
    public TraceIds(String traceId, String spanId, String parentId, boolean sampled) {
        this(traceId, spanId, parentId, sampled, "");
    }
}
