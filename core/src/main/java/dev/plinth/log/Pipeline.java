package dev.plinth.log;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The way of a record while a service is attached: over the queue to the one thread that writes to all sinks.
 *
 * <p>A platform thread, since a virtual one would get no turn while requests keep the carriers busy, which is when the
 * log is wanted most.
 */
final class Pipeline implements Runnable {
    private final LogQueue queue;
    private final Duration flushTimeout;
    private final List<Outlet> outlets;
    private final Thread writer =
            Thread.ofPlatform().daemon().name("plinth-log").unstarted(this);
    private final Thread hook = new Thread(this::end, "plinth-log-end");
    private volatile boolean ending;

    Pipeline(LogConfig config, List<Outlet> outlets) {
        this.queue = new LogQueue(config.queue().bytes());
        this.flushTimeout = config.flushTimeout();
        this.outlets = new CopyOnWriteArrayList<>(outlets);
    }

    void start() {
        writer.start();
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException tooLate) {
            ending = true;
        }
    }

    /** False if it is closed and the record must go another way. */
    boolean accept(LogRecord record) {
        if (Thread.currentThread().equals(writer)) {
            return true;
        }
        if (!queue.offer(record)) {
            return false;
        }
        if (ending) {
            // The JVM may halt at any moment now, and this line may be the reason; but never wait twice for what is
            // stuck.
            ending = flush();
        }
        return true;
    }

    boolean flush() {
        try {
            return queue.flush(flushTimeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void add(Outlet outlet) {
        outlets.add(outlet);
    }

    /** No write to {@code sink} begins after this, and it is closed, if it isn't stuck. */
    void remove(Sink sink) {
        for (var outlet : outlets) {
            if (outlet.serves(sink)) {
                outlet.close(flushTimeout);
            }
        }
        outlets.removeIf(outlet -> outlet.serves(sink));
    }

    /** Writes what is there, as far as the time for it goes, and ends the thread. */
    void stop() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ends) {
            // It runs or has run: harmless.
        }
        queue.close();
        try {
            if (!writer.join(flushTimeout)) {
                System.err.println("plinth log: " + queue.pending() + " lines were not written within "
                        + flushTimeout.toMillis() + " ms; they are lost if the process ends now.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        ending = true;
        ending = flush();
    }

    long dropped() {
        return queue.dropped();
    }

    @Override
    public void run() {
        while (true) {
            try {
                var batch = queue.take();
                if (batch == null) {
                    break;
                }
                write(batch);
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt this thread, and it has one to go on.
            }
        }
        for (var outlet : outlets) {
            outlet.close(flushTimeout);
        }
    }

    private void write(LogQueue.Batch batch) {
        for (var outlet : outlets) {
            outlet.write(batch.records());
        }
        if (!batch.dropped().isEmpty()) {
            var total = 0L;
            for (var count : batch.dropped().values()) {
                total += count;
            }
            var notice = List.of(
                    Backend.notice("dropped " + total + " messages " + batch.dropped() + ": log.queue was full"));
            for (var outlet : outlets) {
                outlet.write(notice);
            }
        }
    }
}
