package dev.plinth.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import dev.plinth.schema.Live;
import dev.plinth.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The levels of the process's loggers, to be read and changed while it runs. A change holds at once, for all services in
 * the process, until it is taken back, its time is over, or the last of them is detached. Thread-safe.
 */
public final class LogLevels {
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final int LONGEST_NAME = 512;

    private final LoggerContext loggers;
    private final LogConfig config;
    private final JulBridge jul;
    private final Time time;
    private final Map<String, Temporary> temporary = new HashMap<>();
    private final List<Live.Watch> watches;

    /** What ends a level that was set for a time; {@code before} is what holds then. */
    private record Temporary(@Nullable Level before, Instant until, Time.Timer timer) {}

    LogLevels(LoggerContext loggers, LogConfig config, JulBridge jul, Time time) {
        this.loggers = loggers;
        this.config = config;
        this.jul = jul;
        this.time = time;
        this.watches = List.of(
                config.level().watch((_, now) -> configured(Logger.ROOT_LOGGER_NAME, now)),
                config.levels().watch(this::configured));
    }

    /** All loggers that were asked for so far, and those above them, by name with {@code ROOT} first. */
    public synchronized List<LoggerLevel> all() {
        var all = new ArrayList<LoggerLevel>();
        for (var logger : loggers.getLoggerList()) {
            all.add(describe(logger));
        }
        return all;
    }

    /**
     * One logger; one that nobody asked for yet has the level of the next one above.
     *
     * @throws IllegalArgumentException if {@code name} is blank, or longer than 512 characters
     */
    public synchronized LoggerLevel get(String name) {
        checkName(name);
        var logger = find(name);
        if (logger != null) {
            return describe(logger);
        }
        var above = name;
        while (logger == null) {
            var dot = above.lastIndexOf('.');
            above = dot < 0 ? Logger.ROOT_LOGGER_NAME : above.substring(0, dot);
            logger = find(above);
        }
        return new LoggerLevel(name, Optional.empty(), LogLevel.of(logger.getEffectiveLevel()), Optional.empty());
    }

    /**
     * Sets a level that stays.
     *
     * @throws IllegalArgumentException if {@code name} is blank, or longer than 512 characters
     */
    public synchronized LoggerLevel set(String name, LogLevel level) {
        checkName(name);
        var logger = loggers.getLogger(name);
        forget(logger);
        apply(logger, level.logback());
        return describe(logger);
    }

    /**
     * Sets a level for a time. After it the logger has the level that stayed before; another temporary one before the
     * end of this one takes its place and doesn't change that.
     *
     * @throws IllegalArgumentException if {@code name} is blank or longer than 512 characters, or {@code period} isn't
     *     more than zero and at most 366 days
     */
    public synchronized LoggerLevel set(String name, LogLevel level, Duration period) {
        checkName(name);
        if (!period.isPositive() || period.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "level for " + period + " (expected: more than zero and at most 366 days)");
        }
        var logger = loggers.getLogger(name);
        var earlier = forget(logger);
        var before = earlier == null ? logger.getLevel() : earlier.before;
        var until = time.now().plus(period);
        var timer = time.after(period, () -> end(logger, until));
        temporary.put(logger.getName(), new Temporary(before, until, timer));
        apply(logger, level.logback());
        return describe(logger);
    }

    /**
     * Takes back what was set at run time: the logger has what the configuration says again.
     *
     * @throws IllegalArgumentException if {@code name} is blank, or longer than 512 characters
     */
    public synchronized LoggerLevel reset(String name) {
        checkName(name);
        var logger = find(name);
        if (logger == null) {
            return get(name);
        }
        forget(logger);
        apply(logger, configured(logger));
        return describe(logger);
    }

    /** Sets all loggers as the configuration says. */
    synchronized void configure() {
        for (var logger : loggers.getLoggerList()) {
            forget(logger);
            if (logger.getLevel() != null && configured(logger) == null) {
                apply(logger, null);
            }
        }
        apply(loggers.getLogger(Logger.ROOT_LOGGER_NAME), config.level().get().logback());
        for (var entry : config.levels().get().entrySet()) {
            apply(loggers.getLogger(entry.getKey()), entry.getValue().logback());
        }
    }

    /**
     * Follows the configuration where it has changed. What was set at run time gives way to it, except that a level for a
     * time lasts as long as it was to, and then the configured one holds.
     */
    private synchronized void configured(Map<String, LogLevel> old, Map<String, LogLevel> now) {
        var names = new TreeSet<>(old.keySet());
        names.addAll(now.keySet());
        for (var name : names) {
            if (old.get(name) != now.get(name)) {
                configured(name, now.get(name));
            }
        }
    }

    private synchronized void configured(String name, @Nullable LogLevel now) {
        var logger = loggers.getLogger(name);
        var level = now == null ? null : now.logback();
        var one = temporary.get(logger.getName());
        if (one == null) {
            apply(logger, level);
        } else {
            temporary.put(logger.getName(), new Temporary(level, one.until, one.timer));
        }
    }

    /** Ends all temporary levels, and the following of the configuration, without a further change. */
    synchronized void close() {
        for (var watch : watches) {
            watch.close();
        }
        for (var one : temporary.values()) {
            one.timer.cancel();
        }
        temporary.clear();
    }

    private synchronized void end(Logger logger, Instant until) {
        var one = temporary.get(logger.getName());
        // Another one may have taken its place while this one's timer was about to run.
        if (one != null && one.until.equals(until)) {
            temporary.remove(logger.getName());
            apply(logger, one.before);
        }
    }

    private @Nullable Temporary forget(Logger logger) {
        var one = temporary.remove(logger.getName());
        if (one != null) {
            one.timer.cancel();
        }
        return one;
    }

    private @Nullable Level configured(Logger logger) {
        if (isRoot(logger)) {
            return config.level().get().logback();
        }
        var level = config.levels().get().get(logger.getName());
        return level == null ? null : level.logback();
    }

    private void apply(Logger logger, @Nullable Level level) {
        logger.setLevel(level);
        jul.setLevel(logger, level);
    }

    private @Nullable Logger find(String name) {
        return name.equalsIgnoreCase(Logger.ROOT_LOGGER_NAME)
                ? loggers.getLogger(Logger.ROOT_LOGGER_NAME)
                : loggers.exists(name);
    }

    private static boolean isRoot(Logger logger) {
        return logger.getName().equals(Logger.ROOT_LOGGER_NAME);
    }

    private LoggerLevel describe(Logger logger) {
        var own = logger.getLevel();
        var one = temporary.get(logger.getName());
        return new LoggerLevel(
                logger.getName(),
                own == null ? Optional.empty() : Optional.of(LogLevel.of(own)),
                LogLevel.of(logger.getEffectiveLevel()),
                one == null ? Optional.empty() : Optional.of(one.until));
    }

    private static void checkName(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("'" + name + "' is no logger (expected: a name such as com.acme.billing,"
                    + " or ROOT for the one above all)");
        }
        if (name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "a logger's name of " + name.length() + " characters (expected: at most " + LONGEST_NAME + ")");
        }
    }
}
