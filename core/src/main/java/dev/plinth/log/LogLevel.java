package dev.plinth.log;

import ch.qos.logback.classic.Level;
import dev.plinth.schema.TextParser;

/** How much a line matters, and from where on a logger speaks. The names are those of SLF4J. */
public enum LogLevel {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR,
    /** For loggers only: says nothing. No line has this level. */
    OFF;

    /**
     * The level that {@code text} names, in capitals or not.
     *
     * @throws IllegalArgumentException if there is none of that name; the message lists them and says which one was
     *     probably meant
     */
    public static LogLevel parse(String text) {
        for (var level : values()) {
            if (level.name().equalsIgnoreCase(text)) {
                return level;
            }
        }
        return (LogLevel) TextParser.parse(text, LogLevel.class);
    }

    Level logback() {
        return switch (this) {
            case TRACE -> Level.TRACE;
            case DEBUG -> Level.DEBUG;
            case INFO -> Level.INFO;
            case WARN -> Level.WARN;
            case ERROR -> Level.ERROR;
            case OFF -> Level.OFF;
        };
    }

    static LogLevel of(Level level) {
        return switch (level.toInt()) {
            case Level.OFF_INT -> OFF;
            case Level.ERROR_INT -> ERROR;
            case Level.WARN_INT -> WARN;
            case Level.INFO_INT -> INFO;
            case Level.DEBUG_INT -> DEBUG;
            default -> TRACE;
        };
    }
}
