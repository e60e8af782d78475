package dev.plinth.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bounds the series of each meter in Micrometer's registry.
 *
 * <p>The registry asks it for meters that it doesn't know yet, so a series within the bound pays once. It runs after the
 * common tags are set, and leaves the one named {@code service} as it is.
 */
final class SeriesGuard implements MeterFilter {
    private final int maxSeries;
    private final Overflow overflow;
    private final ConcurrentHashMap<String, Set<Meter.Id>> admitted = new ConcurrentHashMap<>();

    SeriesGuard(int maxSeries, Overflow overflow) {
        this.maxSeries = maxSeries;
        this.overflow = overflow;
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        var series = admitted.computeIfAbsent(id.getName(), _ -> new HashSet<>());
        synchronized (series) {
            if (series.contains(id)) {
                return id;
            }
            if (series.size() < maxSeries) {
                series.add(id);
                return id;
            }
        }
        overflow.count(id.getName(), maxSeries);
        return id.replaceTags(other(id));
    }

    private static Iterable<Tag> other(Meter.Id id) {
        var tags = new ArrayList<Tag>();
        for (var tag : id.getTagsAsIterable()) {
            tags.add(tag.getKey().equals(Registry.SERVICE) ? tag : Tag.of(tag.getKey(), Overflow.OTHER));
        }
        return tags;
    }

    /** Makes room: the meter was removed from the registry. */
    void forget(Meter.Id id) {
        var series = admitted.get(id.getName());
        if (series != null) {
            synchronized (series) {
                series.remove(id);
            }
        }
    }
}
