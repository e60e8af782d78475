package dev.plinth.log;

import ch.qos.logback.classic.Level;
import java.util.Locale;

/** How much a line matters, and from where on a logger speaks. The names are those of SLF4J. */
public enum LogLevel {
    TRACE(Level.TRACE),
    DEBUG(Level.DEBUG),
    INFO(Level.INFO),
    WARN(Level.WARN),
    ERROR(Level.ERROR),
    /** For loggers only: says nothing. No line has this level. */
    OFF(Level.OFF);

    private final Level logback;

    LogLevel(Level logback) {
        this.logback = logback;
    }

    /**
     * The level that {@code text} names, in capitals or not.
     *
     * @throws IllegalArgumentException if there is none of that name; the message lists them
     */
    public static LogLevel parse(String text) {
        for (var level : values()) {
            if (level.name().equalsIgnoreCase(text.strip())) {
                return level;
            }
        }
        throw new IllegalArgumentException(
                "'" + text + "' is not a level (expected: trace, debug, info, warn, error or off)");
    }

    Level logback() {
        return logback;
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

    /** As it is written in configuration. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
