package dev.plinth.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.plinth.Await;
import dev.plinth.LogCapture;
import dev.plinth.secret.Secret;
import dev.plinth.time.Time;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CollectorTest {
    private final AtomicInteger status = new AtomicInteger(200);
    private final AtomicInteger batches = new AtomicInteger();
    private final CopyOnWriteArrayList<String> tokens = new CopyOnWriteArrayList<>();

    private static TraceConfig config(int port, int queue) {
        var defaults = TraceConfig.defaults().withEndpoint(URI.create("http://127.0.0.1:" + port));
        return new TraceConfig(
                defaults.endpoint(),
                Map.of("X-Token", Secret.of("t-1")),
                defaults.sampling(),
                B3.NONE,
                defaults.baggage(),
                queue,
                5,
                Duration.ofMillis(5),
                Duration.ofMillis(300));
    }

    private HttpServer collector(int port) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/v1/traces", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                tokens.add(exchange.getRequestHeaders().getFirst("X-Token"));
                batches.incrementAndGet();
                exchange.sendResponseHeaders(status.get(), -1);
            }
        });
        server.start();
        return server;
    }

    private static Tracing tracing(TraceConfig config) {
        return new Tracing("orders", "1.0", "i-1", config, Time.system());
    }

    private static void record(Tracing tracing, int spans) {
        for (int i = 0; i < spans; i++) {
            tracing.server(_ -> null).end("GET", "/", "/", 200, null);
        }
    }

    @Test
    void spansAreSentAndCounted() throws IOException {
        var server = collector(0);
        var tracing = tracing(config(server.getAddress().getPort(), 100));
        record(tracing, 12);
        Await.until("12 exported", () -> tracing.exportedSpans() == 12);
        tracing.close(Duration.ofSeconds(5));
        server.stop(0);

        assertThat(tracing.droppedSpans()).isZero();
        assertThat(batches.get()).isGreaterThanOrEqualTo(3);
        assertThat(tokens).containsOnly("t-1");
    }

    @Test
    void whatWaitsIsSentAtTheEnd() throws IOException {
        var server = collector(0);
        var config = config(server.getAddress().getPort(), 100);
        var slow = new TraceConfig(
                config.endpoint(),
                config.headers(),
                config.sampling(),
                config.b3(),
                config.baggage(),
                100,
                50,
                Duration.ofHours(1),
                Duration.ofSeconds(5));
        var tracing = tracing(slow);
        record(tracing, 12);
        tracing.close(Duration.ofSeconds(10));
        server.stop(0);

        assertThat(tracing.exportedSpans()).isEqualTo(12);
    }

    @Test
    void aDeadCollectorCostsACounterAndOneLine_andIsFoundAgain() throws IOException {
        var dead = collector(0);
        int port = dead.getAddress().getPort();
        dead.stop(0);
        var tracing = tracing(config(port, 100));
        try (var log = new LogCapture(OtlpExporter.class)) {
            record(tracing, 7);
            Await.until("7 dropped", () -> tracing.droppedSpans() == 7);
            record(tracing, 5);
            Await.until("12 dropped", () -> tracing.droppedSpans() == 12);
            assertThat(tracing.exportedSpans()).isZero();
            assertThat(log.lines())
                    .containsExactly("WARN Traces do not reach http://127.0.0.1:" + port
                            + "/v1/traces: java.net.ConnectException. Spans are dropped and counted until they do."
                            + " See trace.endpoint");

            var alive = collector(port);
            record(tracing, 3);
            Await.until("3 exported", () -> tracing.exportedSpans() == 3);
            Await.until("second line", () -> log.lines().size() == 2);
            assertThat(log.lines().getLast())
                    .isEqualTo(
                            "INFO Traces reach http://127.0.0.1:" + port + "/v1/traces again; 12 spans were dropped");
            tracing.close(Duration.ofSeconds(5));
            alive.stop(0);
        }
    }

    @Test
    void aCollectorThatRefusesIsToldWithItsStatus() throws IOException {
        status.set(401);
        var server = collector(0);
        var tracing = tracing(config(server.getAddress().getPort(), 100));
        try (var log = new LogCapture(OtlpExporter.class)) {
            record(tracing, 1);
            Await.until("1 dropped", () -> tracing.droppedSpans() == 1);
            Await.until("a line", () -> !log.lines().isEmpty());

            assertThat(log.lines())
                    .containsExactly(
                            "WARN Traces do not reach http://127.0.0.1:"
                                    + server.getAddress().getPort()
                                    + "/v1/traces: it answers 401. Spans are dropped and counted until they do. See trace.endpoint");
        }
        tracing.close(Duration.ofSeconds(5));
        server.stop(0);
    }

    @Test
    void aCollectorThatHangsDelaysTheEndByTheLimitAtMost_andLeavesNoThread() throws Exception {
        var release = new CountDownLatch(1);
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", _ -> {
            try {
                release.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        var config = config(server.getAddress().getPort(), 100);
        var patient = new TraceConfig(
                config.endpoint(),
                config.headers(),
                config.sampling(),
                config.b3(),
                config.baggage(),
                100,
                5,
                Duration.ofMillis(5),
                Duration.ofSeconds(30));
        var tracing = tracing(patient);
        record(tracing, 12);

        long begin = System.nanoTime();
        tracing.close(Duration.ofMillis(200));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        Await.until("12 dropped", () -> tracing.droppedSpans() == 12);
        Await.until("no thread left", () -> Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .noneMatch(name -> name.startsWith("plinth-trace-sender")
                        || name.startsWith("BatchSpanProcessor")
                        || name.startsWith("HttpClient-")));
        release.countDown();
        server.stop(0);
    }

    @Test
    void theQueueIsBounded() {
        var gate = new CompletableResultCode();
        var config = config(9, 10);
        var tracing = new Tracing(
                config,
                Time.system(),
                counts -> Recorder.open(
                        "orders", "1.0", "i-1", config, Time.system(), new SpanQueue(config, new Held(gate), counts)));

        record(tracing, 30);
        assertThat(tracing.droppedSpans()).isEqualTo(20);
        assertThat(tracing.exportedSpans()).isZero();

        gate.succeed();
        Await.until("10 exported", () -> tracing.exportedSpans() == 10);
        tracing.close(Duration.ofSeconds(5));
        assertThat(tracing.droppedSpans()).isEqualTo(20);
    }

    private record Held(CompletableResultCode gate) implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> batch) {
            return gate;
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
