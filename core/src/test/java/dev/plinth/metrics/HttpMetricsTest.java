package dev.plinth.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.plinth.LogCapture;
import dev.plinth.context.TraceIds;
import dev.plinth.time.ManualTime;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class HttpMetricsTest {
    private static final TraceIds SAMPLED =
            new TraceIds("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "", true);

    private final ManualTime time = new ManualTime();
    private final Metrics metrics = new Metrics("orders", withoutJvm(1000), time);

    private static MetricsConfig withoutJvm(int maxSeries) {
        return new MetricsConfig(
                true, false, maxSeries, MetricsConfig.defaults().buckets(), false);
    }

    private static String text(Metrics of) {
        return new String(of.scrape(null).body(), StandardCharsets.UTF_8);
    }

    private String openMetrics() {
        return new String(metrics.scrape("application/openmetrics-text").body(), StandardCharsets.UTF_8);
    }

    private static void finished(Metrics of, String method, String route, int status, long nanos) {
        of.httpServer().started();
        of.httpServer().finished(method, route, status, nanos, TraceIds.NONE);
    }

    @Test
    void requestsAreCountedByMethodRouteAndStatus() {
        finished(metrics, "GET", "/orders/{id}", 200, 7_000_000);
        finished(metrics, "GET", "/orders/{id}", 200, 60_000_000);
        finished(metrics, "GET", "/orders/{id}", 404, 1_000_000);
        finished(metrics, "POST", "/orders", 201, 20_000_000_000L);

        assertThat(text(metrics))
                .contains("# TYPE http_server_requests_seconds histogram")
                .contains(line("bucket", "GET", "200", "/orders/{id}", ",le=\"0.005\"") + " 0")
                .contains(line("bucket", "GET", "200", "/orders/{id}", ",le=\"0.01\"") + " 1")
                .contains(line("bucket", "GET", "200", "/orders/{id}", ",le=\"0.075\"") + " 2")
                .contains(line("bucket", "GET", "200", "/orders/{id}", ",le=\"+Inf\"") + " 2")
                .contains(line("count", "GET", "200", "/orders/{id}", "") + " 2")
                .contains(line("sum", "GET", "200", "/orders/{id}", "") + " 0.067")
                .contains(line("count", "GET", "404", "/orders/{id}", "") + " 1")
                .contains(line("bucket", "POST", "201", "/orders", ",le=\"10.0\"") + " 0")
                .contains(line("bucket", "POST", "201", "/orders", ",le=\"+Inf\"") + " 1")
                .contains(
                        "http_server_requests_count_total{listener=\"http\",method=\"GET\",service=\"orders\",status=\"200\","
                                + "uri=\"/orders/{id}\"} 2.0");
    }

    private static String line(String suffix, String method, String status, String uri, String more) {
        return "http_server_requests_seconds_" + suffix + "{listener=\"http\",method=\"" + method
                + "\",service=\"orders\",status=\"" + status + "\",uri=\"" + uri + "\"" + more + "}";
    }

    @Test
    void whatTheClientChoosesIsNoLabel() {
        metrics.httpServer().finished("GET", null, 404, 1, TraceIds.NONE);
        metrics.httpServer().finished("BREW", "/orders", 405, 1, TraceIds.NONE);

        assertThat(text(metrics))
                .contains(line("count", "GET", "404", "NOT_FOUND", "") + " 1")
                .contains(line("count", "other", "405", "/orders", "") + " 1");
    }

    @Test
    void requestsInFlightAreSeen() {
        metrics.httpServer().started();
        metrics.httpServer().started();
        assertThat(text(metrics)).contains("http_server_requests_in_flight{service=\"orders\"} 2.0");

        metrics.httpServer().finished("GET", "/", 200, 1, TraceIds.NONE);
        assertThat(text(metrics)).contains("http_server_requests_in_flight{service=\"orders\"} 1.0");
    }

    @Test
    void callsAreCountedByClientRouteAndStatus() {
        metrics.httpClient().finished("pricing", "GET", "/quotes/{id}", 200, 1_000_000, TraceIds.NONE);
        metrics.httpClient().finished("pricing", "GET", "/quotes/{id}", 0, 1_000_000, TraceIds.NONE);
        metrics.httpClient().finished("stock", "GET", "/quotes/{id}", 200, 1_000_000, TraceIds.NONE);

        assertThat(text(metrics))
                .contains("http_client_requests_seconds_count{client=\"pricing\",method=\"GET\",service=\"orders\","
                        + "status=\"200\",uri=\"/quotes/{id}\"} 1")
                .contains("http_client_requests_seconds_count{client=\"pricing\",method=\"GET\",service=\"orders\","
                        + "status=\"NO_ANSWER\",uri=\"/quotes/{id}\"} 1")
                .contains("http_client_requests_seconds_count{client=\"stock\",method=\"GET\",service=\"orders\","
                        + "status=\"200\",uri=\"/quotes/{id}\"} 1")
                .contains("http_client_requests_count_total{client=\"stock\",");
    }

    @Test
    void nothingIsMeasuredWhereItIsSwitchedOff() {
        var off = new Metrics(
                "orders", new MetricsConfig(false, false, 10, withoutJvm(1).buckets(), true), time);
        finished(off, "GET", "/", 200, 1);
        off.httpClient().finished("pricing", "GET", "/", 200, 1, TraceIds.NONE);

        assertThat(text(off)).doesNotContain("requests_seconds", "jvm_");
    }

    @Test
    void aSampledRequestIsTheExemplarOfItsBucket() {
        metrics.httpServer().finished("GET", "/", 200, 7_000_000, SAMPLED);
        metrics.httpServer().finished("GET", "/", 200, 60_000_000, TraceIds.NONE);

        var labels = "listener=\"http\",method=\"GET\",service=\"orders\",status=\"200\",uri=\"/\"";
        assertThat(openMetrics())
                .contains("http_server_requests_seconds_bucket{" + labels
                        + ",le=\"0.01\"} 1 # {span_id=\"b7ad6b7169203331\""
                        + ",trace_id=\"0af7651916cd43dd8448eb211c80319c\"} 0.007 1767225600.000\n")
                .contains("http_server_requests_seconds_bucket{" + labels + ",le=\"0.075\"} 2\n")
                .endsWith("# EOF\n");
        assertThat(text(metrics)).doesNotContain("trace_id");
    }

    @Test
    void anExemplarStaysForASecond() {
        var second = new TraceIds("11111111111111111111111111111111", "2222222222222222", "", true);
        metrics.httpServer().finished("GET", "/", 200, 1, SAMPLED);
        time.advance(Duration.ofMillis(999));
        metrics.httpServer().finished("GET", "/", 200, 1, second);
        assertThat(openMetrics()).contains(SAMPLED.traceId()).doesNotContain(second.traceId());

        time.advance(Duration.ofMillis(1));
        metrics.httpServer().finished("GET", "/", 200, 1, second);
        assertThat(openMetrics()).contains(second.traceId()).doesNotContain(SAMPLED.traceId());
    }

    @Test
    void recordingAllocatesNothing() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().threadId();
        for (int i = 0; i < 20_000; i++) {
            finished(metrics, "GET", "/orders/{id}", 200, i);
        }

        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < 100_000; i++) {
            finished(metrics, "GET", "/orders/{id}", 200, i);
        }
        long allocated = threads.getThreadAllocatedBytes(thread) - before;

        assertThat(allocated).isLessThan(100_000); // less than a byte each: the JVM's own noise
    }

    @Test
    void seriesBeyondTheBoundAreOne_andToldOnce() {
        var few = new Metrics("orders", withoutJvm(3), time);
        try (var log = new LogCapture(Metrics.class)) {
            for (int i = 0; i < 10; i++) {
                finished(few, "GET", "/" + i, 200, 1);
                finished(few, "GET", "/" + i, 200, 1);
            }

            assertThat(text(few))
                    .contains(
                            "http_server_requests_seconds_count{listener=\"http\",method=\"GET\",service=\"orders\",status=\"200\","
                                    + "uri=\"/2\"} 2")
                    .contains(
                            "http_server_requests_seconds_count{listener=\"other\",method=\"other\",service=\"orders\","
                                    + "status=\"other\",uri=\"other\"} 14")
                    .doesNotContain("uri=\"/3\"")
                    .contains("metrics_series_overflow_total{meter=\"http_server_requests_seconds\","
                            + "service=\"orders\"} 14.0");
            assertThat(log.lines())
                    .containsExactly(
                            "WARN Meter 'http_server_requests_seconds' has 3 series; what else comes is counted"
                                    + " together as 'other'. Look for a tag that takes any value, or raise metrics.max-series");
        }
    }

    @Test
    void noRequestIsLostWhenManyThreadsMeetNewRoutes() throws InterruptedException {
        var few = new Metrics("orders", withoutJvm(100), time);
        var begin = new CountDownLatch(1);
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 8; t++) {
            int offset = t;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    begin.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                for (int i = 0; i < 5_000; i++) {
                    finished(few, "GET", "/" + (i + offset) % 250, 200 + i % 2, 1);
                }
            }));
        }
        begin.countDown();
        for (var thread : threads) {
            thread.join();
        }

        var counts = counts(text(few));
        assertThat(counts).hasSize(101);
        assertThat(counts.stream().mapToLong(Long::longValue).sum()).isEqualTo(40_000);
        assertThat(text(few)).contains("http_server_requests_in_flight{service=\"orders\"} 0.0");
    }

    private static List<Long> counts(String page) {
        return page.lines()
                .filter(line -> line.startsWith("http_server_requests_seconds_count{"))
                .map(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .toList();
    }
}
