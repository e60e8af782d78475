package dev.plinth.log;

import java.util.Set;

/**
 * Elastic Common Schema, with dotted names at the top level as the ECS loggers write them. The job and the parent span,
 * for which the schema has no name, are {@code labels}. A field may use further names of the schema ({@code
 * http.request.method}, say), but not one that is an object in it and written here.
 */
final class EcsFormat implements Encoder {
    private static final byte[] TIMESTAMP = Lines.ascii("{\"@timestamp\":\"");
    private static final byte[] LEVEL = Lines.ascii("\",\"log.level\":\"");
    private static final byte[] MESSAGE = Lines.ascii("\",\"message\":");
    private static final byte[] VERSION = Lines.ascii(",\"ecs.version\":\"8.11.0\"");
    private static final byte[] SERVICE = Members.name("service.name");
    private static final byte[] DATASET = Members.name("event.dataset");
    private static final byte[] LOGGER = Members.name("log.logger");
    private static final byte[] THREAD = Members.name("process.thread.name");
    private static final byte[] TRACE = Members.name("trace.id");
    private static final byte[] SPAN = Members.name("span.id");
    private static final byte[] JOB_ID = Lines.ascii(",\"labels\":{\"job_id\":");
    private static final byte[] JOB_NAME = Members.name("job_name");
    private static final byte[] PARENT = Members.name("parent_span_id");
    private static final byte[] FILE = Members.name("log.origin.file.name");
    private static final byte[] LINE = Members.name("log.origin.file.line");
    private static final byte[] FUNCTION = Members.name("log.origin.function");
    private static final byte[] ERROR_TYPE = Members.name("error.type");
    private static final byte[] ERROR_MESSAGE = Members.name("error.message");
    private static final byte[] ERROR_STACK = Members.name("error.stack_trace");
    private static final byte[] END = Lines.ascii("}\n");
    private static final Set<String> RESERVED = Set.of(
            "@timestamp",
            "message",
            "labels",
            "log",
            "log.level",
            "log.logger",
            "log.origin",
            "log.origin.file",
            "log.origin.file.name",
            "log.origin.file.line",
            "log.origin.function",
            "ecs",
            "ecs.version",
            "service",
            "service.name",
            "event",
            "event.dataset",
            "process",
            "process.thread",
            "process.thread.name",
            "trace",
            "trace.id",
            "span",
            "span.id",
            "error",
            "error.type",
            "error.message",
            "error.stack_trace");

    private final Members members = new Members(RESERVED);

    @Override
    public void encode(LogRecord record, Lines out) {
        var timestamp = record.timestamp();
        out.raw(TIMESTAMP).timestamp(timestamp.getEpochSecond(), timestamp.getNano(), 6);
        out.raw(LEVEL).raw(Lines.ascii(record.level().name()));
        out.raw(MESSAGE).string(record.message());
        out.raw(VERSION);
        if (!record.service().isEmpty()) {
            out.raw(SERVICE).string(record.service());
            out.raw(DATASET).string(record.service() + ".log");
        }
        out.raw(LOGGER).string(record.logger());
        out.raw(THREAD).string(record.thread());
        var trace = record.trace();
        if (!trace.traceId().isEmpty()) {
            out.raw(TRACE).string(trace.traceId());
            out.raw(SPAN).string(trace.spanId());
        }
        out.raw(JOB_ID).string(record.job().id());
        out.raw(JOB_NAME).string(record.job().name());
        if (!trace.parentId().isEmpty()) {
            out.raw(PARENT).string(trace.parentId());
        }
        out.raw('}');
        var caller = record.caller();
        if (caller != null) {
            out.raw(FILE).string(Members.file(caller));
            out.raw(LINE).number(caller.getLineNumber());
            out.raw(FUNCTION).string(Members.function(caller));
        }
        members.fields(record, out);
        var thrown = record.thrown();
        if (thrown != null) {
            out.raw(ERROR_TYPE).string(thrown.type());
            out.raw(ERROR_MESSAGE).string(thrown.message());
            out.raw(ERROR_STACK).string(String.join("\n", thrown.lines()));
        }
        out.raw(END);
    }
}
