package dev.plinth.log;

import java.util.Set;

/**
 * The chassis's own line. In this order: {@code timestamp} (UTC, microseconds), {@code severity}, {@code service},
 * {@code logger}, {@code message}, {@code trace}, {@code span}, {@code parent}, {@code job_id}, {@code job_name},
 * {@code thread}, then {@code file}, {@code line}, {@code function} if the record has a caller, its fields, and {@code
 * exception} if something was thrown. Ids that are not there are empty strings.
 */
final class JsonFormat implements Encoder {
    private static final byte[] TIMESTAMP = Lines.ascii("{\"timestamp\":\"");
    private static final byte[] SEVERITY = Lines.ascii("\",\"severity\":\"");
    private static final byte[] SERVICE = Lines.ascii("\",\"service\":");
    private static final byte[] LOGGER = Members.name("logger");
    private static final byte[] MESSAGE = Members.name("message");
    private static final byte[] TRACE = Members.name("trace");
    private static final byte[] SPAN = Members.name("span");
    private static final byte[] PARENT = Members.name("parent");
    private static final byte[] JOB_ID = Members.name("job_id");
    private static final byte[] JOB_NAME = Members.name("job_name");
    private static final byte[] THREAD = Members.name("thread");
    private static final byte[] FILE = Members.name("file");
    private static final byte[] LINE = Members.name("line");
    private static final byte[] FUNCTION = Members.name("function");
    private static final byte[] EXCEPTION = Members.name("exception");
    private static final byte[] END = Lines.ascii("}\n");
    private static final Set<String> RESERVED = Set.of(
            "timestamp",
            "severity",
            "service",
            "logger",
            "message",
            "trace",
            "span",
            "parent",
            "job_id",
            "job_name",
            "thread",
            "file",
            "line",
            "function",
            "exception");

    private final Members members = new Members(RESERVED);

    @Override
    public void encode(LogRecord record, Lines out) {
        var timestamp = record.timestamp();
        out.raw(TIMESTAMP).timestamp(timestamp.getEpochSecond(), timestamp.getNano(), 6);
        out.raw(SEVERITY).raw(Lines.ascii(record.level().name()));
        out.raw(SERVICE).string(record.service());
        out.raw(LOGGER).string(record.logger());
        out.raw(MESSAGE).string(record.message());
        out.raw(TRACE).string(record.trace().traceId());
        out.raw(SPAN).string(record.trace().spanId());
        out.raw(PARENT).string(record.trace().parentId());
        out.raw(JOB_ID).string(record.job().id());
        out.raw(JOB_NAME).string(record.job().name());
        out.raw(THREAD).string(record.thread());
        var caller = record.caller();
        if (caller != null) {
            out.raw(FILE).string(Members.file(caller));
            out.raw(LINE).number(caller.getLineNumber());
            out.raw(FUNCTION).string(Members.function(caller));
        }
        members.fields(record, out);
        var thrown = record.thrown();
        if (thrown != null) {
            out.raw(EXCEPTION);
            Members.array(thrown.lines(), out);
        }
        out.raw(END);
    }
}
