package dev.plinth.metrics;

import dev.plinth.context.Context;
import dev.plinth.time.Time;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a block of code takes, as a histogram {@code <name>_seconds}.
 *
 * <pre>{@code
 * var quote = metrics.time("quote_calculation", () -> desk.quote(order));
 *
 * try (var timing = metrics.timer("quote_calculation", "kind", kind).start()) {
 *     ...
 * }
 * }</pre>
 *
 * <p>A block that throws is measured like one that doesn't. Thread-safe.
 */
public final class CodeTimer {
    private final String name;
    private final Histogram histogram;
    private final Time time;

    CodeTimer(String name, Histogram histogram, Time time) {
        this.name = name;
        this.histogram = histogram;
        this.time = time;
    }

    /** Calls {@code block}, and passes on what it returns or throws. */
    public <T extends @Nullable Object, X extends Throwable> T time(ScopedValue.CallableOp<T, X> block) throws X {
        long begin = time.nanos();
        try {
            return block.call();
        } finally {
            record(time.nanos() - begin);
        }
    }

    /** Runs {@code block} likewise. */
    public void time(Runnable block) {
        long begin = time.nanos();
        try {
            block.run();
        } finally {
            record(time.nanos() - begin);
        }
    }

    /** Begins a measurement that ends with {@link Timing#close}. */
    public Timing start() {
        return new Timing(this, time.nanos());
    }

    /** Adds a duration that was measured elsewhere. */
    public void record(Duration duration) {
        record(duration.toNanos());
    }

    private void record(long nanos) {
        histogram.record(nanos, Context.current().trace());
    }

    /** What it has seen so far. */
    public TimerStats stats() {
        return histogram.stats(name);
    }

    /** A measurement under way, for try-with-resources. Closing it a second time would count it a second time. */
    public static final class Timing implements AutoCloseable {
        private final CodeTimer timer;
        private final long begin;

        private Timing(CodeTimer timer, long begin) {
            this.timer = timer;
            this.begin = begin;
        }

        @Override
        public void close() {
            timer.record(timer.time.nanos() - begin);
        }
    }
}
