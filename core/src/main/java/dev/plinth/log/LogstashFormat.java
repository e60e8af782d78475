package dev.plinth.log;

import java.util.Set;

/**
 * The fields of {@code logstash-logback-encoder} in its default naming, and those of the context under the names of
 * {@link JsonFormat}.
 */
final class LogstashFormat implements Encoder {
    private static final byte[] TIMESTAMP = Lines.ascii("{\"@timestamp\":\"");
    private static final byte[] MESSAGE = Lines.ascii("\",\"@version\":\"1\",\"message\":");
    private static final byte[] LOGGER = Members.name("logger_name");
    private static final byte[] THREAD = Members.name("thread_name");
    private static final byte[] LEVEL = Lines.ascii(",\"level\":\"");
    private static final byte[] LEVEL_VALUE = Lines.ascii("\",\"level_value\":");
    private static final byte[] SERVICE = Members.name("service");
    private static final byte[] TRACE = Members.name("trace");
    private static final byte[] SPAN = Members.name("span");
    private static final byte[] PARENT = Members.name("parent");
    private static final byte[] JOB_ID = Members.name("job_id");
    private static final byte[] JOB_NAME = Members.name("job_name");
    private static final byte[] CALLER_CLASS = Members.name("caller_class_name");
    private static final byte[] CALLER_METHOD = Members.name("caller_method_name");
    private static final byte[] CALLER_FILE = Members.name("caller_file_name");
    private static final byte[] CALLER_LINE = Members.name("caller_line_number");
    private static final byte[] STACK = Members.name("stack_trace");
    private static final byte[] END = Lines.ascii("}\n");
    private static final Set<String> RESERVED = Set.of(
            "@timestamp",
            "@version",
            "message",
            "logger_name",
            "thread_name",
            "level",
            "level_value",
            "service",
            "trace",
            "span",
            "parent",
            "job_id",
            "job_name",
            "caller_class_name",
            "caller_method_name",
            "caller_file_name",
            "caller_line_number",
            "stack_trace");

    private final Members members = new Members(RESERVED);

    @Override
    public void encode(LogRecord record, Lines out) {
        var timestamp = record.timestamp();
        out.raw(TIMESTAMP).timestamp(timestamp.getEpochSecond(), timestamp.getNano(), 6);
        out.raw(MESSAGE).string(record.message());
        out.raw(LOGGER).string(record.logger());
        out.raw(THREAD).string(record.thread());
        out.raw(LEVEL).raw(Lines.ascii(record.level().name()));
        out.raw(LEVEL_VALUE).number(record.level().logback().toInt());
        out.raw(SERVICE).string(record.service());
        out.raw(TRACE).string(record.trace().traceId());
        out.raw(SPAN).string(record.trace().spanId());
        out.raw(PARENT).string(record.trace().parentId());
        out.raw(JOB_ID).string(record.job().id());
        out.raw(JOB_NAME).string(record.job().name());
        var caller = record.caller();
        if (caller != null) {
            out.raw(CALLER_CLASS).string(caller.getClassName());
            out.raw(CALLER_METHOD).string(caller.getMethodName());
            out.raw(CALLER_FILE).string(Members.file(caller));
            out.raw(CALLER_LINE).number(caller.getLineNumber());
        }
        members.fields(record, out);
        var thrown = record.thrown();
        if (thrown != null) {
            out.raw(STACK).string(String.join("\n", thrown.lines()));
        }
        out.raw(END);
    }
}
