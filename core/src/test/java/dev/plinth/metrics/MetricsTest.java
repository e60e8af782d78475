package dev.plinth.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.LogCapture;
import dev.plinth.WithoutJars;
import dev.plinth.context.TraceIds;
import dev.plinth.time.ManualTime;
import dev.plinth.time.Time;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private final ManualTime time = new ManualTime();
    private final Metrics metrics = new Metrics("orders", MetricsConfig.defaults(), time);

    @AfterEach
    void close() {
        metrics.close();
    }

    private String scrape() {
        return new String(metrics.scrape(null).body(), StandardCharsets.UTF_8);
    }

    @Test
    void aMeterIsOneLine_andCarriesTheService() {
        metrics.counter("orders_placed").increment();
        metrics.counter("orders_placed", "kind", "gift").increment(2);
        metrics.gauge("orders_open", () -> 7);
        metrics.summary("order_lines").record(3);

        assertThat(scrape())
                .contains("orders_placed_total{service=\"orders\"} 1.0")
                .contains("orders_placed_total{kind=\"gift\",service=\"orders\"} 2.0")
                .contains("orders_open{service=\"orders\"} 7.0")
                .contains("order_lines_count{service=\"orders\"} 1")
                .contains("order_lines_sum{service=\"orders\"} 3.0")
                .contains("# HELP orders_open Orders open.");
    }

    @Test
    void aCounterCountsBeforeAndAfterMicrometerIsThere() {
        var early = metrics.counter("orders_placed", "kind", "gift");
        early.increment();
        assertThat(metrics.counter("orders_placed", "kind", "gift")).isSameAs(early);
        assertThat(early.count()).isEqualTo(1);
        assertThat(early.getId().getTag("kind")).isEqualTo("gift");

        metrics.warmUp();
        early.increment();
        metrics.counter("orders_placed", "kind", "gift").increment();

        assertThat(early.count()).isEqualTo(3);
        assertThat(metrics.registry().counter("orders_placed", "kind", "gift").count())
                .isEqualTo(3);
    }

    @Test
    void noIncrementIsLostWhileTheRegistryOpens() throws InterruptedException {
        var counter = metrics.counter("orders_placed");
        var threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.ofVirtual().start(() -> {
                for (int n = 0; n < 20_000; n++) {
                    counter.increment();
                }
            });
        }
        metrics.warmUp();
        for (var thread : threads) {
            thread.join();
        }

        assertThat(counter.count()).isEqualTo(80_000);
    }

    @Test
    void tagsThatAreNoPairsAreRefused() {
        assertThatThrownBy(() -> metrics.counter("orders_placed", "kind"))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("Tags of 'orders_placed': [kind] (expected: pairs of key and value)");
    }

    @Test
    void whatAMeterAsksIsNotCollected() {
        metrics.gauge("orders_open", new AtomicInteger(7)::get);
        metrics.counter("spans_dropped", "Spans dropped.", new AtomicInteger(5)::get);
        metrics.warmUp();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }

        assertThat(scrape())
                .contains("orders_open{service=\"orders\"} 7.0")
                .contains("spans_dropped_total{service=\"orders\"} 5.0");
    }

    @Test
    void aTimerMeasuresAnyBlock() throws IOException {
        String quoted = metrics.time("quote_calculation", () -> {
            time.advance(Duration.ofMillis(30));
            return "9.95";
        });
        try (var _ = metrics.timer("quote_calculation").start()) {
            time.advance(Duration.ofMillis(10));
        }
        assertThatThrownBy(() -> metrics.time("quote_calculation", () -> {
                    time.advance(Duration.ofMillis(50));
                    throw new IOException("down");
                }))
                .isExactlyInstanceOf(IOException.class);

        assertThat(quoted).isEqualTo("9.95");
        assertThat(metrics.timerStats())
                .containsExactly(new TimerStats(
                        "quote_calculation", List.of(), 3, 10_000_000, 50_000_000, 30_000_000, 50_000_000));
        assertThat(scrape())
                .contains("# HELP quote_calculation_seconds Quote calculation.")
                .contains("quote_calculation_seconds_bucket{service=\"orders\",le=\"0.025\"} 1")
                .contains("quote_calculation_seconds_bucket{service=\"orders\",le=\"0.05\"} 3")
                .contains("quote_calculation_seconds_count{service=\"orders\"} 3")
                .contains("quote_calculation_seconds_sum{service=\"orders\"} 0.09");
    }

    @Test
    void aTimerHasTags_theSameWhereverItIsUsed() {
        metrics.timer("quote", "kind", "gift").record(Duration.ofMillis(3));

        assertThat(scrape()).contains("quote_seconds_count{kind=\"gift\",service=\"orders\"} 1");
        assertThatThrownBy(() -> metrics.timer("quote", "sort", "gift"))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("Timer 'quote': tags [sort] (expected: [kind], as where it was used first)");
    }

    @Test
    void tooManyTimersShareOne() {
        var few = new Metrics("orders", MetricsConfig.defaults().withMaxSeries(2), time);
        for (int i = 0; i < 5; i++) {
            few.timer("t" + i).record(Duration.ofMillis(1));
        }

        assertThat(few.timerStats()).extracting(TimerStats::name).containsExactly("other", "t0", "t1");
        assertThat(few.timerStats().getFirst().count()).isEqualTo(3);
        few.close();
    }

    @Test
    void logMessagesAreCountedByLevel() {
        metrics.loggerMessages(level -> level.toInt());

        assertThat(scrape())
                .contains("logger_messages_total{level=\"ERROR\",service=\"orders\"} 40.0")
                .contains("logger_messages_total{level=\"WARN\",service=\"orders\"} 30.0")
                .contains("logger_messages_total{level=\"INFO\",service=\"orders\"} 20.0")
                .contains("logger_messages_total{level=\"DEBUG\",service=\"orders\"} 10.0")
                .contains("logger_messages_total{level=\"TRACE\",service=\"orders\"} 0.0");
    }

    @Test
    void theJvmAndItsProcessAreMeasured() {
        assertThat(scrape())
                .contains("jvm_memory_used_bytes{")
                .contains("jvm_gc_memory_allocated_bytes_total{")
                .contains("jvm_threads_live_threads{")
                .contains("jvm_classes_loaded_classes{")
                .contains("process_cpu_seconds_total{")
                .contains("process_cpu_usage{")
                .contains("process_uptime_seconds{")
                .contains("process_start_time_seconds{")
                .contains("process_files_open_files{")
                .contains("system_cpus{");
    }

    @Test
    void theJvmIsLeftOutWhereNobodyWantsIt() {
        var config = MetricsConfig.defaults();
        var bare = new Metrics("orders", new MetricsConfig(true, false, 1000, config.buckets(), false), time);

        assertThat(new String(bare.scrape(null).body(), StandardCharsets.UTF_8)).doesNotContain("jvm_", "process_");
        bare.close();
    }

    @Test
    void aBinderGetsTheRegistryWhenThereIsOne() {
        var given = new AtomicInteger();
        metrics.bind(_ -> given.incrementAndGet());
        assertThat(given).hasValue(0);

        metrics.warmUp();
        assertThat(given).hasValue(1);

        metrics.bind(_ -> given.incrementAndGet());
        assertThat(given).hasValue(2);
    }

    @Test
    void aBinderThatFailsCostsItsOwnMetersOnly() {
        try (var log = new LogCapture(Metrics.class)) {
            metrics.bind(_ -> {
                throw new IllegalStateException("no pool");
            });
            metrics.counter("orders_placed").increment();

            assertThat(scrape()).contains("orders_placed_total");
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN Meters of ")
                    .endsWith(" can't be registered and are missing");
        }
    }

    @Test
    void aNameThatIsThereTwiceIsShownOnceAndTold() {
        metrics.time("quote", () -> {});
        metrics.registry().timer("quote").record(Duration.ofSeconds(5));
        try (var log = new LogCapture(Metrics.class)) {
            scrape();

            assertThat(scrape())
                    .containsOnlyOnce("# TYPE quote_seconds ")
                    .doesNotContain("quote_seconds_sum{service=\"orders\"} 5.0");
            assertThat(log.lines())
                    .containsExactly(
                            "WARN Meter 'quote_seconds' is there twice and shown once. Give one of them another name");
        }
    }

    @Test
    void twoServicesKnowNothingOfEachOther() {
        var other = new Metrics("pricing", MetricsConfig.defaults(), time);
        metrics.counter("orders_placed").increment();
        other.httpServer().finished("GET", "/x", 200, 1, TraceIds.NONE);

        assertThat(scrape()).doesNotContain("pricing", "uri=\"/x\"");
        assertThat(new String(other.scrape(null).body(), StandardCharsets.UTF_8))
                .doesNotContain("service=\"orders\"", "orders_placed");
        other.close();
    }

    @Test
    void micrometerIsNotLoadedByMeasuringRequestsAndBlocks() throws Exception {
        WithoutJars.run(MeasuresWithoutMicrometer.class, List.of("micrometer-registry", "prometheus", "HdrHistogram"));
    }

    /** The interfaces of micrometer-core are needed by a counter, its registry and Prometheus are not. */
    static final class MeasuresWithoutMicrometer implements Runnable {
        @Override
        public void run() {
            var metrics = new Metrics("orders", MetricsConfig.defaults(), Time.system());
            metrics.httpServer().started();
            metrics.httpServer().finished("GET", "/orders/{id}", 200, 1_000, TraceIds.NONE);
            metrics.httpClient().finished("pricing", "GET", "/quotes/{id}", 200, 1_000, TraceIds.NONE);
            metrics.time("quote", () -> {});
            metrics.counter("orders_placed").increment();
            metrics.gauge("orders_open", () -> 1);
            metrics.counter("spans_dropped", "Spans dropped.", () -> 1);
            metrics.loggerMessages(_ -> 1);
        }
    }
}
