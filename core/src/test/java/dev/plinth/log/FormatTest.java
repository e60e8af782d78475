package dev.plinth.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The lines themselves, byte by byte: whoever changes one changes what others parse. */
class FormatTest {
    private static final String STACK = "\"java.lang.IllegalStateException: boom\","
            + "\"\\tat com.acme.Orders.create(Orders.java:17)\","
            + "\"\\tat com.acme.Main.main(Main.java:3)\","
            + "\"\\tSuppressed: java.io.IOException\","
            + "\"\\t\\t... 1 more\","
            + "\"Caused by: java.lang.IllegalArgumentException: no\","
            + "\"item\","
            + "\"\\tat com.acme.Store.put(Store.java:9)\","
            + "\"\\t... 1 more\"";
    private static final String STACK_TEXT = STACK.replace("\",\"", "\\n");

    @Test
    void json() {
        assertThat(Records.line(new JsonFormat(), Records.full()))
                .isEqualTo(
                        "{\"timestamp\":\"2026-11-21T03:15:09.862220Z\",\"severity\":\"ERROR\",\"service\":\"orders\","
                                + "\"logger\":\"com.acme.Orders\",\"message\":\"can't \\\"create\\\"\\nit\","
                                + "\"trace\":\"0af7651916cd43dd8448eb211c80319c\",\"span\":\"b7ad6b7169203331\","
                                + "\"parent\":\"00f067aa0ba902b7\",\"job_id\":\"7\",\"job_name\":\"import\",\"thread\":\"main\","
                                + "\"file\":\"Orders.java\",\"line\":17,\"function\":\"com.acme.Orders.create\","
                                + "\"item\":\"a b\",\"count\":5,\"message_\":\"clash\",\"item_\":[1.5,true],"
                                + "\"exception\":[" + STACK + "]}\n");
    }

    @Test
    void json_absentIdsAreEmptyAndTheJobIsUnknown() {
        assertThat(Records.line(new JsonFormat(), Records.bare()))
                .isEqualTo("{\"timestamp\":\"2026-11-21T03:15:09.862220Z\",\"severity\":\"INFO\",\"service\":\"\","
                        + "\"logger\":\"com.acme.Orders\",\"message\":\"started\",\"trace\":\"\",\"span\":\"\","
                        + "\"parent\":\"\",\"job_id\":\"unknown\",\"job_name\":\"unknown\",\"thread\":\"main\"}\n");
    }

    @Test
    void gcp() {
        assertThat(Records.line(new GcpFormat("acme"), Records.full()))
                .isEqualTo("{\"severity\":\"ERROR\",\"message\":\"can't \\\"create\\\"\\nit\","
                        + "\"timestamp\":{\"seconds\":1795230909,\"nanos\":862220000},\"thread\":\"main\","
                        + "\"logging.googleapis.com/trace\":\"projects/acme/traces/0af7651916cd43dd8448eb211c80319c\","
                        + "\"logging.googleapis.com/spanId\":\"b7ad6b7169203331\","
                        + "\"logging.googleapis.com/trace_sampled\":true,"
                        + "\"logging.googleapis.com/sourceLocation\":{\"file\":\"Orders.java\",\"line\":\"17\","
                        + "\"function\":\"com.acme.Orders.create\"},"
                        + "\"serviceContext\":{\"service\":\"orders\"},\"logger\":\"com.acme.Orders\","
                        + "\"parent\":\"00f067aa0ba902b7\",\"job_id\":\"7\",\"job_name\":\"import\","
                        + "\"item\":\"a b\",\"count\":5,\"message_\":\"clash\",\"item_\":[1.5,true],"
                        + "\"exception\":[" + STACK + "]}\n");
    }

    @Test
    void gcp_withoutTraceAndCaller() {
        assertThat(Records.line(new GcpFormat(""), Records.bare()))
                .isEqualTo("{\"severity\":\"INFO\",\"message\":\"started\","
                        + "\"timestamp\":{\"seconds\":1795230909,\"nanos\":862220000},\"thread\":\"main\","
                        + "\"serviceContext\":{\"service\":\"\"},\"logger\":\"com.acme.Orders\",\"parent\":\"\","
                        + "\"job_id\":\"unknown\",\"job_name\":\"unknown\"}\n");
    }

    @Test
    void gcp_hasItsOwnSeverities_andTheBareTraceIdWhereNoProjectIsKnown() {
        var format = new GcpFormat("");
        assertThat(Records.line(format, Records.record(LogLevel.WARN, ""))).startsWith("{\"severity\":\"WARNING\"");
        assertThat(Records.line(format, Records.record(LogLevel.DEBUG, ""))).startsWith("{\"severity\":\"DEBUG\"");
        assertThat(Records.line(format, Records.record(LogLevel.TRACE, ""))).startsWith("{\"severity\":\"DEBUG\"");
        assertThat(Records.line(format, Records.full()))
                .contains("\"logging.googleapis.com/trace\":\"0af7651916cd43dd8448eb211c80319c\"");
    }

    @Test
    void ecs() {
        assertThat(Records.line(new EcsFormat(), Records.full()))
                .isEqualTo("{\"@timestamp\":\"2026-11-21T03:15:09.862220Z\",\"log.level\":\"ERROR\","
                        + "\"message\":\"can't \\\"create\\\"\\nit\",\"ecs.version\":\"8.11.0\","
                        + "\"service.name\":\"orders\",\"event.dataset\":\"orders.log\","
                        + "\"log.logger\":\"com.acme.Orders\",\"process.thread.name\":\"main\","
                        + "\"trace.id\":\"0af7651916cd43dd8448eb211c80319c\",\"span.id\":\"b7ad6b7169203331\","
                        + "\"labels\":{\"job_id\":\"7\",\"job_name\":\"import\","
                        + "\"parent_span_id\":\"00f067aa0ba902b7\"},"
                        + "\"log.origin.file.name\":\"Orders.java\",\"log.origin.file.line\":17,"
                        + "\"log.origin.function\":\"com.acme.Orders.create\","
                        + "\"item\":\"a b\",\"count\":5,\"message_\":\"clash\",\"item_\":[1.5,true],"
                        + "\"error.type\":\"java.lang.IllegalStateException\",\"error.message\":\"boom\","
                        + "\"error.stack_trace\":" + STACK_TEXT + "}\n");
    }

    @Test
    void ecs_withoutTraceCallerAndService() {
        assertThat(Records.line(new EcsFormat(), Records.bare()))
                .isEqualTo("{\"@timestamp\":\"2026-11-21T03:15:09.862220Z\",\"log.level\":\"INFO\","
                        + "\"message\":\"started\",\"ecs.version\":\"8.11.0\",\"log.logger\":\"com.acme.Orders\","
                        + "\"process.thread.name\":\"main\",\"labels\":{\"job_id\":\"unknown\",\"job_name\":\"unknown\"}"
                        + "}\n");
    }

    @Test
    void ecs_aFieldMayUseTheSchemaButNotBreakAnObjectOfIt() {
        var line = Records.line(
                new EcsFormat(),
                Records.with(
                        new LogRecord.Field("http.request.method", "GET"), new LogRecord.Field("service", "other")));

        assertThat(line).contains("\"http.request.method\":\"GET\",\"service_\":\"other\"");
    }

    @Test
    void logstash() {
        assertThat(Records.line(new LogstashFormat(), Records.full()))
                .isEqualTo("{\"@timestamp\":\"2026-11-21T03:15:09.862220Z\",\"@version\":\"1\","
                        + "\"message\":\"can't \\\"create\\\"\\nit\",\"logger_name\":\"com.acme.Orders\","
                        + "\"thread_name\":\"main\",\"level\":\"ERROR\",\"level_value\":40000,\"service\":\"orders\","
                        + "\"trace\":\"0af7651916cd43dd8448eb211c80319c\",\"span\":\"b7ad6b7169203331\","
                        + "\"parent\":\"00f067aa0ba902b7\",\"job_id\":\"7\",\"job_name\":\"import\","
                        + "\"caller_class_name\":\"com.acme.Orders\",\"caller_method_name\":\"create\","
                        + "\"caller_file_name\":\"Orders.java\",\"caller_line_number\":17,"
                        + "\"item\":\"a b\",\"count\":5,\"message_\":\"clash\",\"item_\":[1.5,true],"
                        + "\"stack_trace\":" + STACK_TEXT + "}\n");
    }

    @Test
    void logstash_withoutTraceAndCaller() {
        assertThat(Records.line(new LogstashFormat(), Records.bare()))
                .isEqualTo("{\"@timestamp\":\"2026-11-21T03:15:09.862220Z\",\"@version\":\"1\","
                        + "\"message\":\"started\",\"logger_name\":\"com.acme.Orders\",\"thread_name\":\"main\","
                        + "\"level\":\"INFO\",\"level_value\":20000,\"service\":\"\",\"trace\":\"\",\"span\":\"\","
                        + "\"parent\":\"\",\"job_id\":\"unknown\",\"job_name\":\"unknown\"}\n");
    }

    @Test
    void text() {
        assertThat(Records.line(new TextFormat(false), Records.full()))
                .isEqualTo("2026-11-21T03:15:09.862Z ERROR [orders] [main] com.acme.Orders: can't \"create\"\\nit"
                        + " item=\"a b\" count=5 message=clash item=[1.5,true]"
                        + " trace=0af7651916cd43dd8448eb211c80319c span=b7ad6b7169203331 parent=00f067aa0ba902b7"
                        + " job=7/import (Orders.java:17)\n"
                        + "    java.lang.IllegalStateException: boom\n"
                        + "        at com.acme.Orders.create(Orders.java:17)\n"
                        + "        at com.acme.Main.main(Main.java:3)\n"
                        + "        Suppressed: java.io.IOException\n"
                        + "            ... 1 more\n"
                        + "    Caused by: java.lang.IllegalArgumentException: no\n"
                        + "    item\n"
                        + "        at com.acme.Store.put(Store.java:9)\n"
                        + "        ... 1 more\n");
    }

    @Test
    void text_leavesOutWhatIsNotThere() {
        assertThat(Records.line(new TextFormat(false), Records.bare()))
                .isEqualTo("2026-11-21T03:15:09.862Z INFO  [main] com.acme.Orders: started\n");
    }

    @Test
    void text_isColouredForATerminal() {
        assertThat(Records.line(new TextFormat(true), Records.record(LogLevel.WARN, "low")))
                .isEqualTo("\u001b[2m2026-11-21T03:15:09.862Z\u001b[0m \u001b[33mWARN\u001b[0m  [main]"
                        + " \u001b[36mcom.acme.Orders\u001b[0m: low\u001b[2m\u001b[0m\n");
    }

    @Test
    void text_canNotBeForged() {
        var line = Records.line(
                new TextFormat(false),
                Records.record(LogLevel.INFO, "a\r\n2026 ERROR x\u001b[2J\u0000\u0085\u2028\u202e\u2066b\ud800\u007f"));
        assertThat(line)
                .isEqualTo("2026-11-21T03:15:09.862Z INFO  [main] com.acme.Orders: a\\r\\n2026 ERROR x\\u001b[2J\\u0000"
                        + "\\u0085\\u2028\\u202e\\u2066b\ufffd\\u007f\n");

        var field = Records.line(
                new TextFormat(false),
                Records.with(new LogRecord.Field("k\n", "v\n\"w"), new LogRecord.Field("empty", "")));
        assertThat(field).endsWith(": m k\\n=\"v\\n\\\"w\" empty=\"\"\n");

        var thrown = Records.line(new TextFormat(false), Records.with(new Exception("x\nERROR fake\u001b[1m")));
        assertThat(thrown.lines().skip(1)).allMatch(exceptionLine -> exceptionLine.startsWith("    "));
        assertThat(thrown).contains("    ERROR fake\\u001b[1m\n");
    }

    @Test
    void cyclicCausesEnd() {
        var first = new Exception("first");
        var second = new Exception("second", first);
        first.initCause(second);
        first.setStackTrace(new StackTraceElement[0]);
        second.setStackTrace(new StackTraceElement[0]);

        assertThat(Records.with(first).thrown().lines())
                .containsExactly(
                        "java.lang.Exception: first",
                        "Caused by: java.lang.Exception: second",
                        "Caused by: [CIRCULAR REFERENCE: java.lang.Exception: first]");
    }

    @Test
    void exceptionsAreBounded() {
        var deep = new Exception("0");
        for (var i = 1; i < 300; i++) {
            deep = new Exception("x".repeat(i * 10), deep);
        }

        var lines = Records.with(deep).thrown().lines();

        assertThat(lines).hasSizeLessThanOrEqualTo(1000);
        assertThat(lines.stream().mapToInt(String::length).sum()).isLessThan(67_000);
        assertThat(lines.getLast()).isEqualTo("... [cut: the exception has more than 1000 lines or 65536 characters]");
    }

    @Test
    void datesAreRight() {
        for (var moment : new String[] {
            "1970-01-01T00:00:00.000000Z",
            "1999-12-31T23:59:59.999999Z",
            "2000-02-29T12:00:00.000001Z",
            "2100-02-28T23:59:59.500000Z",
            "2100-03-01T00:00:00.000000Z",
            "2024-12-31T00:00:00.100000Z",
            "9999-12-31T23:59:59.999999Z"
        }) {
            var instant = java.time.Instant.parse(moment);
            var lines = new Lines().timestamp(instant.getEpochSecond(), instant.getNano(), 6);
            assertThat(new String(lines.bytes(), 0, lines.length(), java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo(moment);
        }
    }
}
