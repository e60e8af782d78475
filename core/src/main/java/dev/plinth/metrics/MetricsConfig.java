package dev.plinth.metrics;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.schema.Schema;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.util.List;

/**
 * The section {@code metrics}.
 *
 * @param enabled whether anything is measured; {@code /metrics} is not there where it isn't
 * @param onPublicListener whether {@code /metrics} is served on the public listener too, not only on admin's
 * @param maxSeries how many series one meter may have; further combinations of tags are counted together as {@code
 *     other}. A series costs some hundred bytes here and far more in Prometheus
 * @param buckets the upper bounds of the histograms of requests and code timers, ascending; those of Prometheus' own
 *     clients unless told otherwise
 * @param jvm whether memory, garbage collection, threads, classes and the process are measured
 */
public record MetricsConfig(
        @Default("true") @Doc("Whether anything is measured.") boolean enabled,
        @Default("false") @Doc("Whether /metrics is served on the public listener too.") boolean onPublicListener,
        @Default("1000")
                @Positive
                @Doc("How many series one meter may have; what else comes is counted together as 'other'.")
                int maxSeries,
        @Default("5ms,10ms,25ms,50ms,75ms,100ms,250ms,500ms,750ms,1s,2500ms,5s,7500ms,10s")
                @NotEmpty
                @Doc("The upper bounds of the histograms of requests and code timers, ascending.")
                List<@Positive Duration> buckets,
        @Default("true") @Doc("Whether the JVM and its process are measured.") boolean jvm) {
    public MetricsConfig {
        buckets = List.copyOf(buckets);
        for (int i = 1; i < buckets.size(); i++) {
            if (buckets.get(i).compareTo(buckets.get(i - 1)) <= 0) {
                throw new IllegalArgumentException("buckets " + buckets + " don't ascend");
            }
        }
    }

    /** What holds where nothing is configured. */
    public static MetricsConfig defaults() {
        return Schema.of(MetricsConfig.class).defaults();
    }

    /** The same with another bound for the series. */
    public MetricsConfig withMaxSeries(int newMaxSeries) {
        return new MetricsConfig(enabled, onPublicListener, newMaxSeries, buckets, jvm);
    }
}
