package dev.plinth.resilience;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts of the last stretch of time, in a ring of 16 parts: what is read covers the whole length less at most one part.
 *
 * <p>Each count is one long: the number of its part of time in the upper 24 bits, the count in the lower 40, so that an
 * old part is replaced by one compare-and-set and counting is one atomic addition. Nothing is allocated. A part number
 * comes back after 2^24 parts (over 100 days with a window of ten seconds), only then could a count be taken for a new one.
 */
final class TimeWindow implements Window {
    private static final int PARTS = 16;
    private static final int COUNT_BITS = 40;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
    private static final long TICK_MASK = (1L << 24) - 1;

    private final long origin;
    private final long partNanos;
    private final AtomicLongArray calls = new AtomicLongArray(PARTS);
    private final AtomicLongArray failures = new AtomicLongArray(PARTS);
    private final AtomicLongArray slow = new AtomicLongArray(PARTS);

    TimeWindow(Duration length, long now) {
        // The first part has number PARTS, so that the zeros of the empty ring are of a time gone by.
        this.partNanos = Math.max(1, length.toNanos() / PARTS);
        this.origin = now - PARTS * partNanos;
    }

    @Override
    public void record(boolean failed, boolean wasSlow, long now) {
        long tick = tick(now);
        add(calls, tick);
        if (failed) {
            add(failures, tick);
        }
        if (wasSlow) {
            add(slow, tick);
        }
    }

    /** Counts what is no call but a repetition, in the place of a failure. */
    void repeated(long now) {
        add(failures, tick(now));
    }

    private long tick(long now) {
        return (now - origin) / partNanos & TICK_MASK;
    }

    private static void add(AtomicLongArray counts, long tick) {
        int part = (int) tick & PARTS - 1;
        while (true) {
            long seen = counts.get(part);
            long age = tick - (seen >>> COUNT_BITS) & TICK_MASK;
            if (age == 0 || age > TICK_MASK / 2) {
                // This part of time, or a later one where this thread was held up.
                counts.getAndIncrement(part);
                return;
            }
            if (counts.compareAndSet(part, seen, tick << COUNT_BITS | 1)) {
                return;
            }
        }
    }

    private long sum(AtomicLongArray counts, long now) {
        long tick = tick(now);
        long sum = 0;
        for (int part = 0; part < PARTS; part++) {
            long seen = counts.get(part);
            if ((tick - (seen >>> COUNT_BITS) & TICK_MASK) < PARTS) {
                sum += seen & COUNT_MASK;
            }
        }
        return sum;
    }

    @Override
    public long calls(long now) {
        return sum(calls, now);
    }

    @Override
    public long failures(long now) {
        return sum(failures, now);
    }

    @Override
    public long slow(long now) {
        return sum(slow, now);
    }
}
