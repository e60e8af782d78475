package dev.plinth.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.Service;
import dev.plinth.context.Context;
import dev.plinth.context.Deadline;
import dev.plinth.context.TraceIds;
import dev.plinth.error.Category;
import dev.plinth.error.Problem;
import dev.plinth.http.Response;
import dev.plinth.time.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientTest {
    record Quote(String item, int cents) {}

    private final AtomicInteger reached = new AtomicInteger();
    private Service pricing;
    private Service caller;
    private Client client;

    @BeforeAll
    void start() {
        pricing = service(composed -> composed.http()
                .filter((request, next) -> {
                    reached.incrementAndGet();
                    return next.proceed(request);
                })
                .get("/quotes/{item}", request -> new Quote(request.path("item"), 250))
                .post("/quotes", Quote.class, quote -> Response.created(quote))
                .get(
                        "/echo",
                        request -> Map.of(
                                "q", request.query("q").orElse(""),
                                "traceparent", request.header("traceparent").orElse(""),
                                "timeout",
                                        request.header("x-request-timeout-ms").orElse("")))
                .get("/missing", _ -> {
                    throw Problem.notFound("NO_QUOTE", "no quote for 'tea'");
                })
                .get("/large", _ -> Response.text("x".repeat(3000)))
                .get("/garbage", _ -> Response.text("<html>"))
                .get("/slow", _ -> {
                    Time.system().sleep(Duration.ofSeconds(20));
                    return "late";
                }));
        caller = service(
                composed -> client = composed.client("pricing"),
                "clients.pricing.url=http://127.0.0.1:" + pricing.port(),
                "clients.pricing.retry.attempts=1",
                "clients.pricing.max-response=2KiB");
    }

    @AfterAll
    void stop() {
        caller.stop();
        pricing.stop();
    }

    private static Service service(Service.Compose compose, String... settings) {
        var launch = Service.of(args -> Service.run("desk", args, compose))
                .environment(Map.of())
                .set("http.host=127.0.0.1")
                .set("http.port=0")
                .set("admin.port=0")
                .set("stop.in-flight-timeout=1s")
                .set("stop.drain-delay=0s");
        for (var setting : settings) {
            launch.set(setting);
        }
        return launch.start();
    }

    @Test
    void recordsGoOutAndComeBack() {
        assertThat(client.get("/quotes/{item}").path("item", "green tea/1").as(Quote.class))
                .isEqualTo(new Quote("green tea/1", 250));
        assertThat(client.post("/quotes", new Quote("tea", 1)).as(Quote.class)).isEqualTo(new Quote("tea", 1));
    }

    @Test
    void traceAndDeadlineTravel() {
        var trace = new TraceIds("a".repeat(32), "b".repeat(16), "", true);
        var context = Context.of("desk")
                .withTrace(trace, null)
                .withDeadline(Deadline.after(Time.system(), Duration.ofSeconds(2)));

        var seen = context.call(() -> client.get("/echo").query("q", "a&b c").as(Map.class));

        assertThat(seen.get("q")).isEqualTo("a&b c");
        assertThat((String) seen.get("traceparent")).startsWith("00-" + "a".repeat(32) + "-");
        assertThat(Integer.parseInt((String) seen.get("timeout"))).isBetween(1, 2000);
    }

    @Test
    void problemOfTheOtherSideIsThrownHere() {
        assertThatThrownBy(() -> client.get("/missing").as(Quote.class))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.category()).isEqualTo(Category.NOT_FOUND);
                    assertThat(problem.status()).isEqualTo(404);
                    assertThat(problem.code()).isEqualTo("NO_QUOTE");
                    assertThat(problem.detail()).isEqualTo("no quote for 'tea'");
                });
        assertThat(client.get("/missing").find(Quote.class)).isEmpty();
        assertThat(client.get("/quotes/{item}").path("item", "x").find(Quote.class))
                .isPresent();
    }

    @Test
    void passedDeadlineSendsNothing() {
        int before = reached.get();
        var late = Context.of("desk").withDeadline(Deadline.after(Time.system(), Duration.ZERO));

        assertThatThrownBy(() -> late.call(() -> client.get("/echo").as(Map.class)))
                .hasMessage("DEADLINE_EXCEEDED: client 'pricing' GET /echo: the deadline has passed");
        assertThat(reached.get()).isEqualTo(before);
    }

    @Test
    void slowAnswerEndsWithTheTimeOut() {
        assertThatThrownBy(() ->
                        client.get("/slow").timeout(Duration.ofMillis(200)).send())
                .isInstanceOf(Problem.class)
                .hasMessageMatching(
                        "UPSTREAM_TIMEOUT: client 'pricing' GET /slow, attempt 1: the deadline passed while it waited for an answer"
                                + " \\(\\d+ ms\\)|DEADLINE_EXCEEDED: .*");
    }

    @Test
    void garbageAndTooMuchAreTypedFailures() {
        assertThatThrownBy(() -> client.get("/garbage").as(Quote.class))
                .hasMessageStartingWith(
                        "UPSTREAM_GARBAGE: client 'pricing' GET /garbage, attempt 1: answered what is no Quote: ");
        assertThatThrownBy(() -> client.get("/large").send())
                .hasMessage("UPSTREAM_TOO_LARGE: client 'pricing' GET /large, attempt 1: answered more than 2048 bytes"
                        + " (clients.pricing.max-response)");
    }

    @Test
    void refusedAndBrokenConnectionsAreTypedFailures() throws IOException {
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        try (var cut = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                while (!cut.isClosed()) {
                    try (var connection = cut.accept()) {
                        connection.getInputStream().read();
                        connection
                                .getOutputStream()
                                .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"
                                        .getBytes(StandardCharsets.US_ASCII));
                    } catch (IOException over) {
                        return;
                    }
                }
            });
            var clients = new Client[2];
            try (var desk = service(
                    composed -> {
                        clients[0] = composed.client("closed");
                        clients[1] = composed.client("cut");
                    },
                    "clients.closed.url=http://127.0.0.1:" + closed,
                    "clients.closed.retry.attempts=1",
                    "clients.cut.retry.attempts=1",
                    "clients.cut.url=http://127.0.0.1:" + cut.getLocalPort())) {
                assertThat(desk.port()).isPositive();
                assertThatThrownBy(() -> clients[0].get("/x").send())
                        .hasMessageStartingWith(
                                "UPSTREAM_UNREACHABLE: client 'closed' GET /x, attempt 1: can't connect");
                assertThatThrownBy(() -> clients[1].get("/x").send())
                        .hasMessageStartingWith(
                                "UPSTREAM_ERROR: client 'cut' GET /x, attempt 1: the connection ended inside the body");
            }
        }
    }

    @Test
    void misuseIsToldAtOnce() {
        assertThatThrownBy(() -> client.get("quotes")).hasMessage("path 'quotes' (expected: one that begins with /)");
        assertThatThrownBy(() -> client.get("/quotes/{item}").path("id", 1))
                .hasMessage("path '/quotes/{item}' has no {id}");
        assertThatThrownBy(() -> client.get("/quotes/{item}").send())
                .hasMessage("path '/quotes/{item}' of client 'pricing' has a parameter left");
    }
}
