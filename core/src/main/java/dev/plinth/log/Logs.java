package dev.plinth.log;

import dev.plinth.time.Time;
import java.util.ArrayList;
import java.util.List;

/**
 * A service's hold on the process's log. Whoever logs uses SLF4J and nothing of this package:
 *
 * <pre>{@code
 * private static final Logger LOG = LoggerFactory.getLogger(Orders.class);
 * LOG.atInfo().addKeyValue("item", order.item()).log("order created");
 * }</pre>
 *
 * <p>Each line says whose it is by the {@link dev.plinth.context.Context} of the thread that logs it: service, trace,
 * job. On a thread without one the service is the only one that is attached, if there is just one.
 *
 * <p>The calling thread makes the message and copies what it needs; a thread of the log's own encodes and writes, ten
 * milliseconds after the first line of a batch, so that a request never waits for a disk or a pipe. What finds no room
 * in the queue is dropped, debug and info first and errors last, counted, and told in a line when there is room again.
 * Lines are written until the JVM ends, by {@link System#exit} too; only {@link Runtime#halt}, a crash or a kill lose
 * those of the last milliseconds.
 *
 * <p>Thread-safe.
 */
public final class Logs implements AutoCloseable {
    private final Backend backend;
    private final String service;
    private final Backend.Attached attached;
    private final List<Sink> sinks = new ArrayList<>();
    private boolean closed;

    private Logs(Backend backend, String service, Backend.Attached attached) {
        this.backend = backend;
        this.service = service;
        this.attached = attached;
    }

    /**
     * Joins a service to the log. The first one sets it up: levels, formats, sinks, the thread that writes, {@code
     * java.util.logging}, and a handler for exceptions that nobody catches where there is none. Further ones share all
     * that; where their configuration is another one, a warning says in what, and the first one's holds.
     *
     * @param time rotates files and ends levels that were set for a time; that of the first service counts
     * @throws java.io.UncheckedIOException if the file can't be opened; nothing has changed then
     * @throws IllegalStateException if SLF4J is bound to something else than Logback
     */
    public static Logs attach(LogConfig config, String service, Time time) {
        LogbackProvider.prepare();
        var backend = Backend.current();
        return new Logs(backend, service, backend.attach(config, service, time));
    }

    /** The levels of the process's loggers. Good until the last service is detached. */
    public LogLevels levels() {
        return backend.levels();
    }

    /** How many lines of {@code level} this service has logged since it was attached, dropped ones included. */
    public long count(LogLevel level) {
        return attached.count(level);
    }

    /** How many lines the process has dropped because the queue was full. */
    public long dropped() {
        return backend.dropped();
    }

    /** How many lines a sink of the process could not write; one that two sinks lost counts twice. */
    public long lost() {
        return backend.lost();
    }

    /**
     * Sends the lines of the whole process to {@code sink} too, until {@link #remove} or the end of this hold.
     *
     * @throws IllegalStateException if no service is attached
     */
    public synchronized void add(Sink sink) {
        backend.add(sink);
        sinks.add(sink);
    }

    /** Writes what is there, and closes {@code sink}. */
    public synchronized void remove(Sink sink) {
        if (sinks.remove(sink)) {
            backend.remove(sink);
        }
    }

    /**
     * Waits until all that was logged before is written, for {@code log.flush-timeout} at most; false if it is not.
     */
    public boolean flush() {
        return backend.flush();
    }

    /**
     * Ends the service's hold, after all is written or {@code log.flush-timeout} is over. With the last one the log's
     * thread ends, files are closed, levels are as if nothing was configured; lines that still come go straight to
     * standard output.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (var sink : sinks) {
            backend.remove(sink);
        }
        backend.detach(service);
    }
}
