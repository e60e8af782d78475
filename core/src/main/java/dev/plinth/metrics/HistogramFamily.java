package dev.plinth.metrics;

import dev.plinth.time.Time;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** All series of one name, bounded in number: what comes after the bound is one series whose values are {@code other}. */
final class HistogramFamily {
    private final String name;
    private final String help;
    private final List<String> labelNames;
    private final long[] bounds;
    private final int maxSeries;
    private final Overflow overflow;
    private final Time time;
    private final ConcurrentHashMap<List<String>, Histogram> series = new ConcurrentHashMap<>();
    private final Histogram other;
    private volatile boolean overflowed;

    /** @param name as Prometheus will see it, with its unit */
    HistogramFamily(
            String name, String help, List<String> labelNames, MetricsConfig config, Overflow overflow, Time time) {
        this.name = name;
        this.help = help;
        this.labelNames = labelNames;
        this.bounds =
                config.buckets().stream().mapToLong(java.time.Duration::toNanos).toArray();
        this.maxSeries = config.maxSeries();
        this.overflow = overflow;
        this.time = time;
        this.other = new Histogram(Collections.nCopies(labelNames.size(), Overflow.OTHER), bounds, time);
    }

    Histogram series(List<String> labelValues) {
        var found = series.get(labelValues);
        return found != null ? found : create(List.copyOf(labelValues));
    }

    private Histogram create(List<String> labelValues) {
        synchronized (series) {
            var found = series.get(labelValues);
            if (found != null) {
                return found;
            }
            if (series.size() < maxSeries) {
                var created = new Histogram(labelValues, bounds, time);
                series.put(labelValues, created);
                return created;
            }
        }
        overflowed = true;
        overflow.count(name, maxSeries);
        return other;
    }

    /** Whether {@code histogram} is the one for all that came after the bound. */
    boolean isOther(Histogram histogram) {
        return histogram == other;
    }

    String name() {
        return name;
    }

    String help() {
        return help;
    }

    List<String> labelNames() {
        return labelNames;
    }

    long[] bounds() {
        return bounds;
    }

    List<Histogram> all() {
        var all = new ArrayList<>(series.values());
        if (overflowed) {
            all.add(other);
        }
        return all;
    }
}
