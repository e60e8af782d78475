package dev.plinth.log;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A sink that may fail without harm: what it could not write is counted, said on standard error once for each time that
 * it stops working, and again in the log when it works.
 */
final class Outlet {
    private final String name;
    private final Sink sink;
    private final AtomicLong lost;
    private long lostNow;

    Outlet(String name, Sink sink, AtomicLong lost) {
        this.name = name;
        this.sink = sink;
        this.lost = lost;
    }

    boolean serves(Sink other) {
        return sink == other;
    }

    void write(List<LogRecord> records) {
        try {
            sink.write(records);
            if (lostNow > 0) {
                var was = lostNow;
                lostNow = 0;
                sink.write(List.of(Backend.notice(LogLevel.WARN, name + " works again; " + was + " lines were lost")));
            }
        } catch (Throwable failure) {
            if (lostNow == 0) {
                System.err.println("plinth log: " + name + " can't be written: " + failure
                        + ". Lines are lost, and counted, until it can be again.");
            }
            lostNow += records.size();
            lost.addAndGet(records.size());
        }
    }

    void close() {
        try {
            sink.close();
        } catch (Throwable failure) {
            System.err.println("plinth log: " + name + " can't be closed: " + failure);
        }
    }
}
