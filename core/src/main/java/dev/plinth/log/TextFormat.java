package dev.plinth.log;

import dev.plinth.context.Job;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * For people: {@code 2026-11-21T03:15:09.862Z INFO  [orders] [main] com.acme.Orders: created id=5 trace=... job=7/import
 * (Orders.java:17)}, what is empty left out, then the exception with each line indented. A record never takes more
 * lines than that, and never begins in the middle of one: whatever controls a terminal or ends a line is shown as an
 * escape.
 */
final class TextFormat implements Encoder {
    private static final byte[] RESET = Lines.ascii("\u001b[0m");
    private static final byte[] DIM = Lines.ascii("\u001b[2m");
    private static final byte[] RED = Lines.ascii("\u001b[1;31m");
    private static final byte[] YELLOW = Lines.ascii("\u001b[33m");
    private static final byte[] GREEN = Lines.ascii("\u001b[32m");
    private static final byte[] CYAN = Lines.ascii("\u001b[36m");
    private static final byte[] TRACE = Lines.ascii(" trace=");
    private static final byte[] SPAN = Lines.ascii(" span=");
    private static final byte[] PARENT = Lines.ascii(" parent=");
    private static final byte[] JOB = Lines.ascii(" job=");
    private static final byte[] INDENT = Lines.ascii("    ");

    private final boolean coloured;
    private final Lines value = new Lines(256);

    TextFormat(boolean coloured) {
        this.coloured = coloured;
    }

    @Override
    public void encode(LogRecord record, Lines out) {
        var timestamp = record.timestamp();
        colour(DIM, out);
        out.timestamp(timestamp.getEpochSecond(), timestamp.getNano(), 3);
        colour(RESET, out);
        out.raw(' ');
        level(record.level(), out);
        out.raw(' ');
        bracket(record.service(), out);
        bracket(record.thread(), out);
        colour(CYAN, out);
        out.printable(record.logger());
        colour(RESET, out);
        out.raw(':').raw(' ').printable(record.message());
        for (var i = 0; i < record.fields().size(); i++) {
            var field = record.fields().get(i);
            out.raw(' ').printable(field.key()).raw('=');
            value(field.value(), out);
        }
        colour(DIM, out);
        context(record, out);
        var caller = record.caller();
        if (caller != null) {
            out.raw(' ').raw('(').printable(Members.file(caller)).raw(':');
            out.number(caller.getLineNumber()).raw(')');
        }
        colour(RESET, out);
        out.raw('\n');
        var thrown = record.thrown();
        if (thrown != null) {
            for (var line : thrown.lines()) {
                exceptionLine(line, out);
            }
        }
    }

    private void level(LogLevel level, Lines out) {
        colour(
                switch (level) {
                    case ERROR, OFF -> RED;
                    case WARN -> YELLOW;
                    case INFO -> GREEN;
                    case DEBUG, TRACE -> DIM;
                },
                out);
        out.raw(Lines.ascii(level.name()));
        colour(RESET, out);
        if (level.name().length() == 4) {
            out.raw(' ');
        }
    }

    private static void bracket(String text, Lines out) {
        if (!text.isEmpty()) {
            out.raw('[').printable(text).raw(']').raw(' ');
        }
    }

    /** Quoted wherever the end of it would not be clear. */
    private void value(@Nullable Object field, Lines out) {
        if (field instanceof String text) {
            if (needsQuotes(text)) {
                out.raw('"').printable(text.replace("\"", "\\\"")).raw('"');
            } else {
                out.printable(text);
            }
            return;
        }
        value.shrink(256);
        value.value(field);
        out.printable(new String(value.bytes(), 0, value.length(), StandardCharsets.UTF_8));
    }

    private static boolean needsQuotes(String text) {
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == ' ' || c == '"' || c == '=') {
                return true;
            }
        }
        return text.isEmpty();
    }

    private static void context(LogRecord record, Lines out) {
        var trace = record.trace();
        if (!trace.traceId().isEmpty()) {
            out.raw(TRACE).printable(trace.traceId());
            out.raw(SPAN).printable(trace.spanId());
        }
        if (!trace.parentId().isEmpty()) {
            out.raw(PARENT).printable(trace.parentId());
        }
        var job = record.job();
        if (!job.id().equals(Job.UNKNOWN.id())) {
            out.raw(JOB).printable(job.id()).raw('/').printable(job.name());
        }
    }

    /** Frames keep their tab, further in than any message can begin. */
    private static void exceptionLine(String line, Lines out) {
        out.raw(INDENT);
        var text = 0;
        while (text < line.length() && line.charAt(text) == '\t') {
            out.raw(INDENT);
            text++;
        }
        out.printable(line.substring(text)).raw('\n');
    }

    private void colour(byte[] code, Lines out) {
        if (coloured) {
            out.raw(code);
        }
    }
}
