package dev.plinth.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.LogCapture;
import dev.plinth.time.ManualTime;
import io.micrometer.core.instrument.Counter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeriesGuardTest {
    private final Metrics metrics =
            new Metrics("orders", MetricsConfig.defaults().withMaxSeries(50), new ManualTime());

    @AfterEach
    void close() {
        metrics.close();
    }

    private String scrape() {
        return new String(metrics.scrape(null).body(), StandardCharsets.UTF_8);
    }

    @Test
    void nothingIsLostAndNothingIsTooMuchUnderConcurrency() throws InterruptedException {
        metrics.registry();
        var begin = new CountDownLatch(1);
        var threads = new ArrayList<Thread>();
        try (var log = new LogCapture(Metrics.class)) {
            for (int t = 0; t < 8; t++) {
                int offset = t * 13;
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        begin.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    for (int i = 0; i < 2_000; i++) {
                        metrics.counter("orders_placed", "customer", "c" + (i + offset) % 200)
                                .increment();
                    }
                }));
            }
            begin.countDown();
            for (var thread : threads) {
                thread.join();
            }

            var counters = metrics.registry().find("orders_placed").counters();
            assertThat(counters).hasSize(51);
            assertThat(counters.stream().mapToDouble(Counter::count).sum()).isEqualTo(16_000);
            var other = metrics.registry()
                    .get("orders_placed")
                    .tags("customer", "other", "service", "orders")
                    .counter();
            assertThat(other.count()).isEqualTo(16_000 * 150 / 200);
            assertThat(scrape()).contains("metrics_series_overflow_total{meter=\"orders_placed\",service=\"orders\"} ");
            assertThat(log.lines())
                    .containsExactly("WARN Meter 'orders_placed' has 50 series; what else comes is counted together as"
                            + " 'other'. Look for a tag that takes any value, or raise metrics.max-series");
        }
    }

    @Test
    void theBoundHoldsForEachMeterByItself() {
        for (int i = 0; i < 50; i++) {
            metrics.registry().counter("a", "n", "" + i).increment();
            metrics.registry().timer("b", "n", "" + i);
        }

        assertThat(scrape()).doesNotContain("other", "overflow");
    }

    @Test
    void aRemovedMeterMakesRoom() {
        var registry = metrics.registry();
        for (int i = 0; i < 50; i++) {
            registry.counter("a", "n", "" + i);
        }
        registry.remove(registry.counter("a", "n", "7"));
        registry.counter("a", "n", "new").increment();

        assertThat(scrape())
                .contains("a_total{n=\"new\",service=\"orders\"} 1.0")
                .doesNotContain("other");
    }

    @Test
    void countersAskedForBeforeTheRegistryAreBoundedToo() {
        for (int i = 0; i < 60; i++) {
            metrics.counter("a", "n", "" + i).increment();
        }

        assertThat(scrape()).contains("a_total{n=\"other\",service=\"orders\"} 10.0");
    }
}
