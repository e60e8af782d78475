package dev.plinth.log;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A sink that may fail without harm: what it could not write is counted, said on standard error each time that it stops
 * working, and in the log when it works again. Thread-safe.
 */
final class Outlet {
    private final String name;
    private final Sink sink;
    private final AtomicLong lostEver;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean closing;
    private long lost;
    private boolean closed;

    Outlet(String name, Sink sink, AtomicLong lostEver) {
        this.name = name;
        this.sink = sink;
        this.lostEver = lostEver;
    }

    boolean serves(Sink other) {
        return sink.equals(other);
    }

    void write(List<LogRecord> records) {
        lock.lock();
        try {
            if (!closing) {
                tryWrite(records);
            }
            if (closing) {
                closeNow();
            }
        } finally {
            lock.unlock();
        }
    }

    private void tryWrite(List<LogRecord> records) {
        try {
            sink.write(records);
            if (lost > 0) {
                sink.write(List.of(Backend.notice(name + " works again; lost " + lost + " messages")));
                lost = 0;
            }
        } catch (Throwable failure) {
            if (lost == 0) {
                System.err.println("plinth log: " + name + " can't be written: " + failure
                        + ". Messages are lost, and counted, until it can be.");
            }
            lost += records.size();
            lostEver.addAndGet(records.size());
        }
    }

    /** No write begins after this. One that is stuck longer than {@code timeout} closes the sink itself, at its end. */
    void close(Duration timeout) {
        closing = true;
        try {
            if (lock.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                try {
                    closeNow();
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeNow() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            sink.close();
        } catch (Throwable failure) {
            System.err.println("plinth log: " + name + " can't be closed: " + failure);
        }
    }
}
