package dev.plinth.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How often each meter was asked for a series beyond its bound; told once for each. */
final class Overflow {
    static final String OTHER = "other";

    private static final Logger log = LoggerFactory.getLogger(Metrics.class);

    private final ConcurrentHashMap<String, LongAdder> counts = new ConcurrentHashMap<>();

    void count(String meter, int bound) {
        var count = counts.get(meter);
        if (count == null) {
            var created = new LongAdder();
            count = counts.putIfAbsent(meter, created);
            if (count == null) {
                count = created;
                log.warn(
                        "Meter '{}' has {} series; what else comes is counted together as '{}'."
                                + " Look for a tag that takes any value, or raise metrics.max-series",
                        meter,
                        bound,
                        OTHER);
            }
        }
        count.increment();
    }

    Map<String, LongAdder> counts() {
        return counts;
    }
}
