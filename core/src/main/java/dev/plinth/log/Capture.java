package dev.plinth.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.spi.FilterReply;
import dev.plinth.context.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one appender: makes a {@link LogRecord} of what Logback knows of a call and of the context that the calling thread
 * works in. It runs on that thread, and throws nothing at it.
 */
final class Capture extends ContextAwareBase implements Appender<ILoggingEvent> {
    static final String NAME = "plinth";

    private static final StackWalker STACK = StackWalker.getInstance();

    private final Backend backend;

    Capture(Backend backend) {
        this.backend = backend;
    }

    @Override
    public void doAppend(ILoggingEvent event) {
        try {
            backend.append(record(event));
        } catch (Throwable failure) {
            System.err.println("plinth log: a line of " + event.getLoggerName() + " is lost: " + failure);
        }
    }

    private LogRecord record(ILoggingEvent event) {
        var context = Context.current();
        var level = LogLevel.of(event.getLevel());
        var message = event.getFormattedMessage();
        var thrown = event.getThrowableProxy();
        return new LogRecord(
                event.getInstant(),
                level,
                context.service().isEmpty() ? backend.onlyService() : context.service(),
                event.getLoggerName(),
                message == null ? "null" : Values.cut(message, Values.MAX_TEXT),
                context.trace(),
                context.job(),
                threadName(Thread.currentThread()),
                backend.wantsCaller(level) ? caller() : null,
                fields(event),
                thrown == null ? null : new Thrown(thrown));
    }

    private static String threadName(Thread thread) {
        var name = thread.getName();
        return name.isEmpty() ? (thread.isVirtual() ? "virtual-" : "thread-") + thread.threadId() : name;
    }

    private static List<LogRecord.Field> fields(ILoggingEvent event) {
        var markers = event.getMarkerList();
        var mdc = event.getMDCPropertyMap();
        var pairs = event.getKeyValuePairs();
        if (markers == null && (mdc == null || mdc.isEmpty()) && pairs == null) {
            return List.of();
        }
        var values = new Values();
        var fields = new ArrayList<LogRecord.Field>();
        if (markers != null && !markers.isEmpty()) {
            fields.add(values.field("tags", markers));
        }
        if (mdc != null) {
            for (Map.Entry<String, String> entry : mdc.entrySet()) {
                fields.add(values.field(entry.getKey(), entry.getValue()));
            }
        }
        if (pairs != null) {
            for (var pair : pairs) {
                fields.add(values.field(pair.key, pair.value));
            }
        }
        return fields;
    }

    /** The first frame that belongs neither to the logging nor to a bridge to it. */
    private static @Nullable StackTraceElement caller() {
        return STACK.walk(frames -> {
            for (var each = frames.iterator(); each.hasNext(); ) {
                var frame = each.next();
                if (!isLogging(frame.getClassName())) {
                    return frame.toStackTraceElement();
                }
            }
            return null;
        });
    }

    private static boolean isLogging(String type) {
        return type.startsWith("ch.qos.logback.")
                || type.startsWith("org.slf4j.")
                || type.startsWith("java.util.logging.")
                || type.startsWith("java.lang.System$Logger")
                || type.startsWith("sun.util.logging.")
                || type.startsWith("jdk.internal.logger.")
                || type.startsWith("org.apache.commons.logging.")
                || type.startsWith("dev.plinth.log.Capture")
                || type.startsWith("dev.plinth.log.JulHandler")
                || type.startsWith("dev.plinth.log.SystemLoggers");
    }

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public void setName(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void start() {}

    @Override
    public void stop() {}

    @Override
    public boolean isStarted() {
        return true;
    }

    @Override
    public void addFilter(Filter<ILoggingEvent> filter) {
        throw new UnsupportedOperationException("Levels decide what is logged: see LogLevels");
    }

    @Override
    public void clearAllFilters() {}

    @Override
    public List<Filter<ILoggingEvent>> getCopyOfAttachedFiltersList() {
        return List.of();
    }

    @Override
    public FilterReply getFilterChainDecision(ILoggingEvent event) {
        return FilterReply.NEUTRAL;
    }
}
