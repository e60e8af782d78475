package dev.plinth.log;

import ch.qos.logback.classic.spi.ThrowableProxy;
import dev.plinth.context.Job;
import dev.plinth.context.TraceIds;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Records and lines for the tests of this package. */
final class Records {
    static final Instant MOMENT = Instant.parse("2026-11-21T03:15:09.862220Z");
    static final StackTraceElement CALLER = new StackTraceElement("com.acme.Orders", "create", "Orders.java", 17);

    private Records() {}

    /** With everything that a record can have. */
    static LogRecord full() {
        return new LogRecord(
                MOMENT,
                LogLevel.ERROR,
                "orders",
                "com.acme.Orders",
                "can't \"create\"\nit",
                new TraceIds("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "00f067aa0ba902b7", true),
                new Job("7", "import"),
                "main",
                CALLER,
                List.of(
                        new LogRecord.Field("item", "a b"),
                        new LogRecord.Field("count", 5),
                        new LogRecord.Field("message", "clash"),
                        new LogRecord.Field("item", List.of(1.5, true))),
                new Thrown(new ThrowableProxy(failure())));
    }

    /** With nothing that may be missing. */
    static LogRecord bare() {
        return record(LogLevel.INFO, "started");
    }

    static LogRecord record(LogLevel level, String message) {
        return new LogRecord(
                MOMENT,
                level,
                "",
                "com.acme.Orders",
                message,
                TraceIds.NONE,
                Job.UNKNOWN,
                "main",
                null,
                List.of(),
                null);
    }

    static LogRecord with(LogRecord.Field... fields) {
        return new LogRecord(
                MOMENT,
                LogLevel.INFO,
                "",
                "com.acme.Orders",
                "m",
                TraceIds.NONE,
                Job.UNKNOWN,
                "main",
                null,
                List.of(fields),
                null);
    }

    static LogRecord with(Throwable thrown) {
        return new LogRecord(
                MOMENT,
                LogLevel.INFO,
                "",
                "com.acme.Orders",
                "m",
                TraceIds.NONE,
                Job.UNKNOWN,
                "main",
                null,
                List.of(),
                new Thrown(new ThrowableProxy(thrown)));
    }

    /** With a cause that shares a frame, something suppressed, and messages of several lines. */
    static Throwable failure() {
        var frame = new StackTraceElement("com.acme.Main", "main", "Main.java", 3);
        var cause = new IllegalArgumentException("no\nitem");
        cause.setStackTrace(
                new StackTraceElement[] {new StackTraceElement("com.acme.Store", "put", "Store.java", 9), frame});
        var failure = new IllegalStateException("boom", cause);
        failure.setStackTrace(new StackTraceElement[] {CALLER, frame});
        var suppressed = new java.io.IOException();
        suppressed.setStackTrace(new StackTraceElement[] {frame});
        failure.addSuppressed(suppressed);
        return failure;
    }

    static String line(Encoder encoder, LogRecord record) {
        var lines = new Lines();
        encoder.encode(record, lines);
        return new String(lines.bytes(), 0, lines.length(), StandardCharsets.UTF_8);
    }
}
