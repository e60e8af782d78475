package dev.plinth.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@code java.util.logging} in line: its lines go to SLF4J, its loggers have the levels of ours. To set it up costs
 * some milliseconds, so that is left to the first library that uses it ({@link JulSetup}); only where it was in use
 * before, by a test runner say, it is turned around later ({@link #install}). A set-up of the user's own is left alone.
 */
final class JulBridge {
    /** Until it is made sure that it is ours; by then the service is up. */
    static final Duration DELAY = Duration.ofSeconds(1);

    private final LoggerContext loggers;

    /** Loggers with a level of their own; the log manager would forget them. */
    private final Map<String, Logger> levelled = new HashMap<>();

    private boolean active;

    JulBridge(LoggerContext loggers) {
        this.loggers = loggers;
    }

    /** From now on the first use sets it up as ours. */
    void prepare() {
        if (!isForeign()) {
            System.setProperty(JulSetup.PROPERTY, JulSetup.class.getName());
        }
    }

    private static boolean isForeign() {
        var setup = System.getProperty(JulSetup.PROPERTY);
        return System.getProperty("java.util.logging.config.file") != null
                || (setup != null && !setup.equals(JulSetup.class.getName()));
    }

    /** What {@link JulSetup} reads in the place of {@code logging.properties}. */
    synchronized String properties() {
        active = true;
        var text = new StringBuilder("handlers=").append(JulHandler.class.getName());
        for (var logger : loggers.getLoggerList()) {
            var level = logger.getLevel();
            if (level != null) {
                text.append('\n').append(escape(name(logger))).append(".level=").append(julLevel(level));
            }
        }
        return text.append('\n').toString();
    }

    private static String escape(String key) {
        var text = new StringBuilder(key);
        for (var i = text.length() - 1; i >= 0; i--) {
            if ("\\:=#! \t\r\n\f".indexOf(text.charAt(i)) >= 0) {
                text.insert(i, '\\');
            }
        }
        return text.toString();
    }

    /** Sees to it that it is set up, even where it was in use before {@link #prepare}. */
    synchronized void install() {
        if (isForeign()) {
            return;
        }
        var root = Logger.getLogger("");
        var handlers = root.getHandlers();
        if (handlers.length == 1 && handlers[0] instanceof JulHandler) {
            return;
        }
        for (var handler : handlers) {
            root.removeHandler(handler);
        }
        root.addHandler(new JulHandler());
        active = true;
        for (var logger : loggers.getLoggerList()) {
            if (logger.getLevel() != null) {
                setLevel(logger, logger.getLevel());
            }
        }
    }

    /** A level of ours has changed; null if the logger has none of its own any more. */
    synchronized void setLevel(ch.qos.logback.classic.Logger logger, @Nullable Level level) {
        if (!active) {
            return;
        }
        var name = name(logger);
        if (level == null) {
            var one = levelled.remove(name);
            if (one != null) {
                one.setLevel(null);
            }
            return;
        }
        levelled.computeIfAbsent(name, Logger::getLogger).setLevel(julLevel(level));
    }

    private static java.util.logging.Level julLevel(Level level) {
        return JulHandler.level(LogLevel.of(level));
    }

    private static String name(ch.qos.logback.classic.Logger logger) {
        return logger.getName().equals(ch.qos.logback.classic.Logger.ROOT_LOGGER_NAME) ? "" : logger.getName();
    }
}
