package dev.plinth.metrics;

import java.util.List;

/**
 * What a code timer has seen since the service started, for a look without Prometheus.
 *
 * @param name the timer
 * @param tags the values of its tags
 * @param count how often the block ended
 * @param minNanos the shortest; 0 where there was none, as for the rest
 * @param maxNanos the longest
 * @param meanNanos the average
 * @param lastNanos the latest
 */
public record TimerStats(
        String name, List<String> tags, long count, long minNanos, long maxNanos, long meanNanos, long lastNanos) {
    public TimerStats {
        tags = List.copyOf(tags);
    }
}
