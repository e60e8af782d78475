package dev.plinth.log;

import java.util.Set;

/**
 * Google Cloud Logging, as its agents read standard output on GKE, Cloud Run and Compute Engine: the special fields of
 * <a href="https://cloud.google.com/logging/docs/structured-logging#special-payload-fields">structured logging</a>, and
 * {@code serviceContext} for Error Reporting. Trace ids stand alone unless the project is known. What else there is
 * becomes part of the payload.
 */
final class GcpFormat implements Encoder {
    private static final byte[] SEVERITY = Lines.ascii("{\"severity\":\"");
    private static final byte[] MESSAGE = Lines.ascii("\",\"message\":");
    private static final byte[] SECONDS = Lines.ascii(",\"timestamp\":{\"seconds\":");
    private static final byte[] NANOS = Lines.ascii(",\"nanos\":");
    private static final byte[] THREAD = Lines.ascii("},\"thread\":");
    private static final byte[] TRACE = Members.name("logging.googleapis.com/trace");
    private static final byte[] SPAN = Members.name("logging.googleapis.com/spanId");
    private static final byte[] SAMPLED = Members.name("logging.googleapis.com/trace_sampled");
    private static final byte[] FILE = Lines.ascii(",\"logging.googleapis.com/sourceLocation\":{\"file\":");
    private static final byte[] LINE = Lines.ascii(",\"line\":\"");
    private static final byte[] FUNCTION = Lines.ascii("\",\"function\":");
    private static final byte[] SERVICE = Lines.ascii(",\"serviceContext\":{\"service\":");
    private static final byte[] LOGGER = Lines.ascii("},\"logger\":");
    private static final byte[] PARENT = Members.name("parent");
    private static final byte[] JOB_ID = Members.name("job_id");
    private static final byte[] JOB_NAME = Members.name("job_name");
    private static final byte[] EXCEPTION = Members.name("exception");
    private static final byte[] END = Lines.ascii("}\n");
    private static final Set<String> RESERVED = Set.of(
            "severity",
            "message",
            "timestamp",
            "timestampSeconds",
            "timestampNanos",
            "time",
            "thread",
            "logging.googleapis.com/trace",
            "logging.googleapis.com/spanId",
            "logging.googleapis.com/trace_sampled",
            "logging.googleapis.com/sourceLocation",
            "serviceContext",
            "logger",
            "parent",
            "job_id",
            "job_name",
            "exception");

    private final Members members = new Members(RESERVED);
    private final String tracePrefix;

    /** @param project the id of the project that the traces are in; empty if unknown */
    GcpFormat(String project) {
        this.tracePrefix = project.isEmpty() ? "" : "projects/" + project + "/traces/";
    }

    @Override
    public void encode(LogRecord record, Lines out) {
        var timestamp = record.timestamp();
        out.raw(SEVERITY).raw(Lines.ascii(severity(record.level())));
        out.raw(MESSAGE).string(record.message());
        out.raw(SECONDS).number(timestamp.getEpochSecond());
        out.raw(NANOS).number(timestamp.getNano());
        out.raw(THREAD).string(record.thread());
        var trace = record.trace();
        if (!trace.traceId().isEmpty()) {
            out.raw(TRACE).string(tracePrefix.isEmpty() ? trace.traceId() : tracePrefix + trace.traceId());
            out.raw(SPAN).string(trace.spanId());
            out.raw(SAMPLED).value(trace.sampled());
        }
        var caller = record.caller();
        if (caller != null) {
            out.raw(FILE).string(Members.file(caller));
            out.raw(LINE).raw(Lines.ascii(Integer.toString(caller.getLineNumber())));
            out.raw(FUNCTION).string(Members.function(caller)).raw('}');
        }
        out.raw(SERVICE).string(record.service());
        out.raw(LOGGER).string(record.logger());
        out.raw(PARENT).string(trace.parentId());
        out.raw(JOB_ID).string(record.job().id());
        out.raw(JOB_NAME).string(record.job().name());
        members.fields(record, out);
        var thrown = record.thrown();
        if (thrown != null) {
            out.raw(EXCEPTION);
            Members.array(thrown.lines(), out);
        }
        out.raw(END);
    }

    private static String severity(LogLevel level) {
        return switch (level) {
            case TRACE, DEBUG -> "DEBUG";
            case INFO -> "INFO";
            case WARN -> "WARNING";
            case ERROR, OFF -> "ERROR";
        };
    }
}
