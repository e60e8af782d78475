package dev.plinth.log;

import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LocationAwareLogger;

/**
 * Hands to SLF4J what libraries log by {@code java.util.logging}. The chassis installs it; public because {@link
 * java.util.logging.LogManager} makes one by its name.
 */
// The log manager makes it by name; nobody else needs the type, nor to require java.logging for it.
@SuppressWarnings("exports")
public final class JulHandler extends Handler {
    private static final String FQCN = JulHandler.class.getName();

    private final Formatter messages = new Formatter() {
        @Override
        public String format(LogRecord record) {
            return formatMessage(record);
        }
    };

    /** For {@link java.util.logging.LogManager}. */
    public JulHandler() {}

    @Override
    public void publish(LogRecord record) {
        var name = record.getLoggerName();
        var logger = LoggerFactory.getLogger(name == null || name.isEmpty() ? "java.util.logging" : name);
        if (logger instanceof LocationAwareLogger aware) {
            aware.log(null, FQCN, level(record.getLevel()), messages.format(record), null, record.getThrown());
        }
    }

    private static int level(Level level) {
        var value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return LocationAwareLogger.ERROR_INT;
        } else if (value >= Level.WARNING.intValue()) {
            return LocationAwareLogger.WARN_INT;
        } else if (value >= Level.INFO.intValue()) {
            return LocationAwareLogger.INFO_INT;
        } else if (value >= Level.FINE.intValue()) {
            return LocationAwareLogger.DEBUG_INT;
        }
        return LocationAwareLogger.TRACE_INT;
    }

    /** Level of a logger there for one that the chassis was given. */
    static Level level(LogLevel level) {
        return switch (level) {
            case TRACE -> Level.ALL;
            case DEBUG -> Level.FINE;
            case INFO -> Level.INFO;
            case WARN -> Level.WARNING;
            case ERROR -> Level.SEVERE;
            case OFF -> Level.OFF;
        };
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
