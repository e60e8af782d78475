package dev.plinth.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

/** A counter that counts by itself until the registry is there, so that asking for one does not load Micrometer. */
final class DeferredCounter implements Counter {
    private final String name;
    private final String[] tags;
    private volatile @Nullable Counter counter;
    private double pending;

    DeferredCounter(String name, String... tags) {
        this.name = name;
        this.tags = tags;
    }

    void bind(MeterRegistry registry) {
        var bound = registry.counter(name, tags);
        synchronized (this) {
            bound.increment(pending);
            counter = bound;
        }
    }

    @Override
    public void increment(double amount) {
        var bound = counter;
        if (bound == null) {
            synchronized (this) {
                bound = counter;
                if (bound == null) {
                    pending += Math.max(0, amount);
                    return;
                }
            }
        }
        bound.increment(amount);
    }

    @Override
    public double count() {
        var bound = counter;
        if (bound != null) {
            return bound.count();
        }
        synchronized (this) {
            return counter == null ? pending : counter.count();
        }
    }

    @Override
    public Meter.Id getId() {
        var bound = counter;
        return bound != null ? bound.getId() : new Meter.Id(name, Tags.of(tags), null, null, Meter.Type.COUNTER);
    }
}
