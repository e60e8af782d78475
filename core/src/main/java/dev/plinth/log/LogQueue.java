package dev.plinth.log;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was logged and is not written yet, bounded by the memory that it holds. Callers never wait: what finds no room is
 * dropped and counted. Room runs out for the unimportant first: debug and trace may fill half of it, info three
 * quarters, warnings seven eighths, errors all.
 *
 * <p>One writer takes all that is there at once. The first record after a pause wakes it; while more keep coming it
 * looks every few milliseconds by itself, so that callers pay for no wake-up and one write carries many lines.
 *
 * <p>Thread-safe.
 */
final class LogQueue {
    /** How long lines wait for company. The clock of the machine's, since this is about its system calls. */
    private static final long PACE_MILLIS = 10;

    /** After as many looks without a line the writer sleeps until it is woken. */
    private static final int IDLE_LOOKS = 3;

    private final long room;

    private LogRecord[] waiting = new LogRecord[64];
    private int size;
    private long weight;
    private LogRecord[] taken = new LogRecord[64];
    private int takenSize;
    private long takenWeight;

    private long accepted;
    private long written;
    private long dropped;
    private Map<LogLevel, Long> droppedNow = new EnumMap<>(LogLevel.class);

    private boolean asleep;
    private boolean pacing;
    private int flushers;
    private boolean closed;

    /** @param room in bytes of memory, about */
    LogQueue(long room) {
        this.room = room;
    }

    /**
     * What there is to write.
     *
     * @param records the queue's own array behind it: valid until the next {@link #take}
     * @param dropped what found no room since the last batch, by level
     */
    record Batch(List<LogRecord> records, Map<LogLevel, Long> dropped) {}

    /** Takes {@code record} in or drops it; false if the queue is closed, so that it must go elsewhere. */
    boolean offer(LogRecord record) {
        var more = record.weight();
        synchronized (this) {
            if (closed) {
                return false;
            }
            if (takenWeight + weight + more > share(record.level())) {
                droppedNow.merge(record.level(), 1L, Long::sum);
                dropped++;
                return true;
            }
            if (size == waiting.length) {
                waiting = Arrays.copyOf(waiting, 2 * size);
            }
            waiting[size++] = record;
            weight += more;
            accepted++;
            if (asleep || (pacing && weight > room / 4)) {
                asleep = false;
                pacing = false;
                notifyAll();
            }
            return true;
        }
    }

    private long share(LogLevel level) {
        return switch (level) {
            case TRACE, DEBUG -> room / 2;
            case INFO -> room / 4 * 3;
            case WARN -> room / 8 * 7;
            case ERROR, OFF -> room;
        };
    }

    /**
     * Blocks until there is something to write, and says that what was taken before is written; null when the queue is
     * closed and empty. For one thread.
     */
    synchronized @Nullable Batch take() throws InterruptedException {
        written += takenSize;
        Arrays.fill(taken, 0, takenSize, null);
        takenSize = 0;
        takenWeight = 0;
        if (flushers > 0) {
            notifyAll();
        }
        await();
        if (size == 0) {
            return null;
        }
        var batch = waiting;
        waiting = taken;
        taken = batch;
        takenSize = size;
        takenWeight = weight;
        size = 0;
        weight = 0;
        var lost = droppedNow;
        if (!lost.isEmpty()) {
            droppedNow = new EnumMap<>(LogLevel.class);
        }
        return new Batch(Arrays.asList(batch).subList(0, takenSize), lost.isEmpty() ? Map.of() : lost);
    }

    private void await() throws InterruptedException {
        for (var looks = 0; !closed; looks++) {
            if (size > 0 && (looks > 0 || flushers > 0)) {
                return;
            }
            if (looks < IDLE_LOOKS) {
                pacing = true;
                wait(PACE_MILLIS);
                pacing = false;
            } else {
                asleep = true;
                wait();
                asleep = false;
            }
        }
    }

    /** Waits until all that was accepted before is written; false if that takes longer than {@code timeout}. */
    synchronized boolean flush(Duration timeout) throws InterruptedException {
        var target = accepted;
        var end = System.nanoTime() + timeout.toNanos();
        flushers++;
        notifyAll();
        try {
            while (written < target) {
                var left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return false;
                }
                wait(left);
            }
            return true;
        } finally {
            flushers--;
        }
    }

    /** Refuses what comes from now on. What is there can still be taken. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** How many found no room, ever. */
    synchronized long dropped() {
        return dropped;
    }

    /** How many are neither written nor dropped. */
    synchronized long pending() {
        return accepted - written;
    }
}
