package dev.plinth.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plinth.context.TraceIds;
import dev.plinth.time.Time;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScrapeTest {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    @Test
    void thePageIsTextUnlessOpenMetricsIsPreferred() {
        var metrics = new Metrics("orders", MetricsConfig.defaults(), Time.system());
        metrics.httpServer().finished("GET", "/", 200, 1, TraceIds.NONE);

        assertThat(metrics.scrape(null).contentType()).isEqualTo(TEXT);
        var openMetrics = metrics.scrape("application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
        assertThat(openMetrics.contentType()).isEqualTo(OPEN_METRICS);
        assertThat(new String(openMetrics.body(), StandardCharsets.UTF_8)).endsWith("# EOF\n");
        metrics.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            text/html,application/xhtml+xml,*/*;q=0.8                                                            | false
            */*                                                                                                  | false
            text/plain                                                                                           | false
            application/openmetrics-text                                                                         | true
            APPLICATION/OpenMetrics-Text                                                                         | true
            application/openmetrics-text;q=0.5,text/plain;q=0.5                                                  | false
            application/openmetrics-text;q=0                                                                     | false
            application/openmetrics-text; version=1.0.0; q=x                                                     | false
            application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2 | true
            application/vnd.google.protobuf;q=0.7,application/openmetrics-text;q=0.3,text/plain;q=0.6            | false
            """)
    void whatPrometheusPrefersDecides(String accept, boolean openMetrics) {
        assertThat(Registry.prefersOpenMetrics(accept)).isEqualTo(openMetrics);
    }

    @Test
    void bucketsMustAscend() {
        assertThatThrownBy(() ->
                        new MetricsConfig(true, false, 1, List.of(Duration.ofMillis(5), Duration.ofMillis(5)), true))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("buckets [PT0.005S, PT0.005S] don't ascend");
    }

    /** Prometheus' own linter: mandatory where CI is set, else where it is installed. */
    @Test
    void promtoolHasNothingToSay() throws IOException, InterruptedException {
        var promtool = promtool();
        assumeTrue(promtool != null || System.getenv("CI") != null, "promtool is not installed");
        var metrics = new Metrics("orders", MetricsConfig.defaults().withMaxSeries(2), Time.system());
        for (int i = 0; i < 3; i++) {
            metrics.httpServer().finished("GET", "/orders/" + i, 200, 1_000_000, TraceIds.NONE);
        }
        metrics.httpClient().finished("pricing", "GET", "/quotes", 200, 1_000_000, TraceIds.NONE);
        metrics.loggerMessages(_ -> 1);
        metrics.counter("trace_spans_exported", "Spans that the collector has taken.", () -> 1);
        metrics.counter("orders_placed").increment();
        metrics.gauge("orders_open", () -> 1);
        metrics.summary("order_lines").record(1);
        metrics.time("quote.calculation", () -> {});

        var process = new ProcessBuilder(String.valueOf(promtool), "check", "metrics")
                .redirectErrorStream(true)
                .start();
        try (var in = process.getOutputStream()) {
            in.write(metrics.scrape(null).body());
        }
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        metrics.close();

        assertThat(said).isEmpty();
        assertThat(process.waitFor()).isZero();
    }

    private static Path promtool() {
        for (var folder : System.getenv("PATH").split(":", -1)) {
            var file = Path.of(folder, "promtool");
            if (Files.isExecutable(file)) {
                return file;
            }
        }
        return null;
    }
}
