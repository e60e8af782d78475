package dev.plinth.metrics;

import dev.plinth.context.TraceIds;
import dev.plinth.time.Time;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One series of durations: counts per bucket, sum, extremes, and a recent trace in each bucket.
 *
 * <p>Ours and not Micrometer's, because requests are measured before Micrometer is loaded, and because recording takes
 * two additions and no memory. Thread-safe.
 */
final class Histogram {
    /** A trace is shown for at least this long, so that a busy bucket does not make one object per request. */
    private static final long EXEMPLAR_NANOS = 1_000_000_000L;

    private final List<String> labelValues;
    private final long[] bounds;
    private final Time time;
    private final long createdMillis;
    private final LongAdder[] counts;
    private final LongAdder sum = new LongAdder();
    private final AtomicLong shortest = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong longest = new AtomicLong(Long.MIN_VALUE);
    private final AtomicReferenceArray<@Nullable Exemplar> exemplars;
    private volatile long last;

    Histogram(List<String> labelValues, long[] bounds, Time time) {
        this.labelValues = labelValues;
        this.bounds = bounds;
        this.time = time;
        this.createdMillis = time.now().toEpochMilli();
        this.counts = new LongAdder[bounds.length + 1];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
        this.exemplars = new AtomicReferenceArray<>(counts.length);
    }

    /** A request that belongs to this bucket. */
    record Exemplar(String traceId, String spanId, long nanos, long atNanos, long atMillis) {}

    void record(long nanos, TraceIds trace) {
        int bucket = 0;
        while (bucket < bounds.length && nanos > bounds[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        sum.add(nanos);
        last = nanos;
        if (nanos < shortest.get()) {
            shortest.accumulateAndGet(nanos, Math::min);
        }
        if (nanos > longest.get()) {
            longest.accumulateAndGet(nanos, Math::max);
        }
        if (trace.sampled()) {
            mark(bucket, nanos, trace);
        }
    }

    private void mark(int bucket, long nanos, TraceIds trace) {
        long now = time.nanos();
        var shown = exemplars.get(bucket);
        if (shown == null || now - shown.atNanos >= EXEMPLAR_NANOS) {
            var millis = time.now().toEpochMilli();
            exemplars.set(bucket, new Exemplar(trace.traceId(), trace.spanId(), nanos, now, millis));
        }
    }

    List<String> labelValues() {
        return labelValues;
    }

    long createdMillis() {
        return createdMillis;
    }

    /** Per bucket, not cumulative; the last is what exceeds all bounds. */
    long[] counts() {
        var snapshot = new long[counts.length];
        for (int i = 0; i < snapshot.length; i++) {
            snapshot[i] = counts[i].sum();
        }
        return snapshot;
    }

    long sumNanos() {
        return sum.sum();
    }

    @Nullable
    Exemplar exemplar(int bucket) {
        return exemplars.get(bucket);
    }

    TimerStats stats(String name) {
        long count = 0;
        for (var bucket : counts) {
            count += bucket.sum();
        }
        return count == 0
                ? new TimerStats(name, labelValues, 0, 0, 0, 0, 0)
                : new TimerStats(name, labelValues, count, shortest.get(), longest.get(), sum.sum() / count, last);
    }
}
