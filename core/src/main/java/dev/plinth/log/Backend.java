package dev.plinth.log;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import dev.plinth.context.Job;
import dev.plinth.context.TraceIds;
import dev.plinth.time.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The process's one log: what stands behind Logback, and who uses it. It lives in Logback's own context, the one thing
 * that is there once in a process anyway.
 *
 * <p>While a service is attached, records go over a {@link Pipeline}. Before the first and after the last one there is
 * no thread: whoever logs writes the line himself, to standard output.
 */
final class Backend {
    private static final String KEY = "dev.plinth.log";

    private final LoggerContext loggers;
    private final JulBridge jul;
    private final StandardOutput output = new StandardOutput();
    private final Map<String, Attached> services = new ConcurrentHashMap<>();
    private final AtomicLong lost = new AtomicLong();

    private volatile LogConfig config = LogConfig.defaults();
    private volatile @Nullable Pipeline pipeline;
    private volatile String onlyService = "";

    private String first = "";
    private LogLevels levels;
    private @Nullable Outlet direct;
    private boolean writing;
    private Thread.@Nullable UncaughtExceptionHandler uncaught;
    private Time.@Nullable Timer julTimer;
    private long droppedBefore;

    /** A service, once or more often. */
    static final class Attached {
        private final Map<LogLevel, LongAdder> counts = new EnumMap<>(LogLevel.class);
        private int holds;

        Attached() {
            for (var level : LogLevel.values()) {
                counts.put(level, new LongAdder());
            }
        }

        void add(LogLevel level) {
            of(level).increment();
        }

        long count(LogLevel level) {
            return of(level).sum();
        }

        private LongAdder of(LogLevel level) {
            return Objects.requireNonNull(counts.get(level));
        }
    }

    private Backend(LoggerContext loggers) {
        this.loggers = loggers;
        this.jul = new JulBridge(loggers);
        this.levels = new LogLevels(loggers, config, jul, Time.system());
    }

    static Backend install(LoggerContext loggers) {
        var backend = new Backend(loggers);
        loggers.putObject(KEY, backend);
        backend.connect();
        backend.levels.configure();
        return backend;
    }

    /** @throws IllegalStateException if SLF4J is bound to something else than Logback */
    static Backend current() {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext loggers)) {
            throw new IllegalStateException("SLF4J is bound to "
                    + LoggerFactory.getILoggerFactory().getClass().getName()
                    + " (expected: Logback, which the chassis brings). Remove the other SLF4J provider from the class"
                    + " path, such as slf4j-simple or log4j-slf4j2-impl.");
        }
        return loggers.getObject(KEY) instanceof Backend backend ? backend : install(loggers);
    }

    /** Makes this the only appender; another Logback set-up may have come first, or reset it. */
    private void connect() {
        var root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
        if (root.getAppender(Capture.NAME) != null) {
            return;
        }
        root.detachAndStopAllAppenders();
        var capture = new Capture(this);
        capture.setContext(loggers);
        root.addAppender(capture);
    }

    synchronized Attached attach(LogConfig wanted, String service, Time time) {
        if (services.isEmpty()) {
            open(wanted, service, time);
        } else if (!wanted.equals(config)) {
            LoggerFactory.getLogger(KEY)
                    .warn(
                            "service '{}' asks for another log configuration ({}); the process keeps that of '{}'",
                            service,
                            difference(wanted),
                            first);
        }
        var attached = services.computeIfAbsent(service, name -> new Attached());
        attached.holds++;
        onlyService = services.size() == 1 ? service : "";
        return attached;
    }

    private void open(LogConfig wanted, String service, Time time) {
        var opened = new Pipeline(wanted, outlets(wanted, time));
        config = wanted;
        first = service;
        direct = null;
        connect();
        levels = new LogLevels(loggers, wanted, jul, time);
        levels.configure();
        opened.start();
        pipeline = opened;
        if (Thread.getDefaultUncaughtExceptionHandler() == null) {
            uncaught = new Uncaught();
            Thread.setDefaultUncaughtExceptionHandler(uncaught);
        }
        jul.prepare();
        julTimer = time.after(JulBridge.DELAY, jul::install);
    }

    private List<Outlet> outlets(LogConfig wanted, Time time) {
        var outlets = new ArrayList<Outlet>();
        if (wanted.console()) {
            outlets.add(console(wanted));
        }
        if (wanted.file().isPresent()) {
            var file = wanted.file().get();
            try {
                var sink = new LineSink(Encoder.forFile(wanted, file), new RotatingFile(file, time));
                outlets.add(new Outlet(file.path().toString(), sink, lost));
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "log.file.path: " + file.path().toAbsolutePath() + " can't be written (" + e
                                + "). Choose another path, or give the process the right to write there.",
                        e);
            }
        }
        return outlets;
    }

    private Outlet console(LogConfig wanted) {
        return new Outlet("standard output", new LineSink(Encoder.forConsole(wanted), output), lost);
    }

    private String difference(LogConfig wanted) {
        var names = new StringBuilder();
        for (var component : LogConfig.class.getRecordComponents()) {
            try {
                var accessor = component.getAccessor();
                if (!accessor.invoke(wanted).equals(accessor.invoke(config))) {
                    names.append(names.isEmpty() ? "log." : ", log.").append(component.getName());
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        return names.toString();
    }

    synchronized void detach(String service) {
        var attached = services.get(service);
        if (attached == null) {
            return;
        }
        if (--attached.holds > 0) {
            flush();
            return;
        }
        if (services.size() == 1) {
            close();
        } else {
            flush();
        }
        services.remove(service);
        onlyService = services.size() == 1 ? services.keySet().iterator().next() : "";
    }

    /** Holds the lock meanwhile, so that lines that come from now on wait behind those that are in the queue. */
    private void close() {
        if (julTimer != null) {
            julTimer.cancel();
        }
        if (uncaught != null && uncaught.equals(Thread.getDefaultUncaughtExceptionHandler())) {
            Thread.setDefaultUncaughtExceptionHandler(null);
        }
        uncaught = null;
        levels.close();
        var closing = pipeline;
        if (closing != null) {
            closing.stop();
            droppedBefore += closing.dropped();
            pipeline = null;
        }
        levels = new LogLevels(loggers, LogConfig.defaults(), jul, Time.system());
        levels.configure();
    }

    void append(LogRecord record) {
        var attached = services.get(record.service());
        if (attached != null) {
            attached.add(record.level());
        }
        var way = pipeline;
        if (way == null || !way.accept(record)) {
            write(record);
        }
    }

    private synchronized void write(LogRecord record) {
        if (writing) {
            // System.out was replaced by something that logs.
            return;
        }
        writing = true;
        try {
            if (direct == null) {
                direct = console(config);
            }
            direct.write(List.of(record));
        } finally {
            writing = false;
        }
    }

    boolean wantsCaller(LogLevel level) {
        return switch (config.caller()) {
            case NEVER -> false;
            case WARNINGS -> level.compareTo(LogLevel.WARN) >= 0;
            case ALWAYS -> true;
        };
    }

    String onlyService() {
        return onlyService;
    }

    JulBridge jul() {
        return jul;
    }

    synchronized LogLevels levels() {
        return levels;
    }

    boolean flush() {
        var way = pipeline;
        return way == null || way.flush();
    }

    void add(Sink sink) {
        var way = pipeline;
        if (way == null) {
            throw new IllegalStateException("a sink is added while no service is attached to the log");
        }
        way.add(new Outlet(sink.getClass().getName(), sink, lost));
    }

    void remove(Sink sink) {
        var way = pipeline;
        if (way != null) {
            way.flush();
            way.remove(sink);
        }
    }

    synchronized long dropped() {
        var way = pipeline;
        return way == null ? droppedBefore : droppedBefore + way.dropped();
    }

    long lost() {
        return lost.get();
    }

    /** A line of the log about itself. */
    static LogRecord notice(String message) {
        return new LogRecord(
                Instant.now(),
                LogLevel.WARN,
                "",
                KEY,
                message,
                TraceIds.NONE,
                Job.UNKNOWN,
                Thread.currentThread().getName(),
                null,
                List.of(),
                null);
    }

    /** Says what ended a thread. */
    private static final class Uncaught implements Thread.UncaughtExceptionHandler {
        @Override
        public void uncaughtException(Thread thread, Throwable thrown) {
            LoggerFactory.getLogger("dev.plinth.log.Uncaught")
                    .error("an exception that nobody caught ended this thread", thrown);
        }
    }
}
