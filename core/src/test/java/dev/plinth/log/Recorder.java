package dev.plinth.log;

import java.util.ArrayList;
import java.util.List;

/** Keeps what is written to it. Thread-safe. */
final class Recorder implements Sink {
    private final List<LogRecord> records = new ArrayList<>();
    private boolean closed;

    @Override
    public synchronized void write(List<LogRecord> more) {
        if (closed) {
            throw new AssertionError("written to after it was closed");
        }
        records.addAll(more);
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    synchronized List<LogRecord> records() {
        return List.copyOf(records);
    }

    synchronized boolean closed() {
        return closed;
    }
}
