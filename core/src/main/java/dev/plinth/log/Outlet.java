package dev.plinth.log;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A sink that may fail without harm: what it could not write is counted, said on standard error each time that it stops
 * working, and in the log when it works again.
 */
final class Outlet {
    private final String name;
    private final Sink sink;
    private final AtomicLong lostEver;
    private long lost;
    private boolean closed;

    Outlet(String name, Sink sink, AtomicLong lostEver) {
        this.name = name;
        this.sink = sink;
        this.lostEver = lostEver;
    }

    /** Closes it if it is there for {@code other}, and says so. */
    boolean closeIf(Sink other) {
        if (!sink.equals(other)) {
            return false;
        }
        close();
        return true;
    }

    synchronized void write(List<LogRecord> records) {
        if (closed) {
            return;
        }
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

    synchronized void close() {
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
