package dev.plinth.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.Launch;
import dev.plinth.Service;
import dev.plinth.context.Context;
import dev.plinth.error.Problem;
import dev.plinth.json.Json;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The way of a request, from the socket to the answer and back. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpDoorTest {
    record Order(String id, @NotBlank String item, @Positive int quantity) {}

    private final AtomicInteger ran = new AtomicInteger();
    private Service service;
    private HttpClient client;

    @BeforeAll
    void start() {
        client = HttpClient.newHttpClient();
        service = launch(this::compose).set("http.max-body=1KiB").start();
    }

    @AfterAll
    void stop() {
        client.close();
        service.stop();
    }

    private static Launch launch(Service.Compose compose) {
        return Service.of(args -> Service.run("door", args, compose))
                .environment(Map.of())
                .set("http.host=127.0.0.1")
                .set("http.port=0")
                .set("admin.port=0")
                .set("stop.drain-delay=0s");
    }

    private void compose(Service composed) {
        composed.http()
                .filter((request, next) -> next.proceed(request).withHeader("X-Outer", request.route()))
                .post("/orders", Order.class, order -> Response.created("/orders/" + order.id(), order))
                .put("/orders/{id}", Order.class, (order, request) -> request.path("id") + order.quantity())
                .get("/orders/{id}", request -> Optional.ofNullable("7".equals(request.path("id")) ? "seven" : null))
                .delete("/orders/{id}", _ -> null)
                .get(
                        "/page",
                        request -> request.query("n", Integer.class).orElse(1)
                                + request.queries("t").toString())
                .get("/number/{n}", request -> request.path("n", Integer.class))
                .get("/conflict", _ -> {
                    throw Problem.conflict("TAKEN", "it is taken").with("owner", "ann");
                })
                .get("/broken", _ -> {
                    throw new IllegalStateException("jdbc:secret");
                })
                .get(
                        "/stream",
                        _ -> Response.stream("text/plain", to -> {
                            for (int i = 0; i < 3; i++) {
                                to.write(("part " + i + "\n").getBytes(StandardCharsets.US_ASCII));
                                to.flush();
                            }
                        }))
                .get("/deadline", _ -> Context.current()
                        .deadline()
                        .orElseThrow()
                        .remaining()
                        .toMillis())
                .get("/trace", _ -> Context.current().trace().traceId())
                .get("/hang", _ -> {
                    ran.incrementAndGet();
                    new CountDownLatch(1).await();
                    return "never";
                })
                .get("/unwritable", _ -> Double.NaN)
                .group("/v2", group -> group.filter(
                                (request, next) -> next.proceed(request).withHeader("X-Inner", "yes"))
                        .get("/hello", _ -> List.of("hello")));
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
                .timeout(Duration.ofSeconds(30))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @SuppressWarnings("unchecked") // a JSON object is a map
    private static Map<String, Object> json(HttpResponse<String> response) {
        return Json.standard().read(response.body().getBytes(StandardCharsets.UTF_8), Map.class);
    }

    @Test
    void recordsComeInAndGoOut() throws Exception {
        var answer = send("POST", "/orders", "{\"id\":\"1\",\"item\":\"tea\",\"quantity\":2}");
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("location")).contains("/orders/1");
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(answer.body()).isEqualTo("{\"id\":\"1\",\"item\":\"tea\",\"quantity\":2}");
        assertThat(send("PUT", "/orders/9", "{\"item\":\"tea\",\"quantity\":4}").body())
                .isEqualTo("94");
    }

    @Test
    void everyViolationIsInOneAnswer() throws Exception {
        var answer = send("POST", "/orders", "{\"item\":\" \",\"quantity\":-1}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
        var problem = json(answer);
        assertThat(problem.get("code")).isEqualTo("VALIDATION_FAILED");
        assertThat(problem.get("category")).isEqualTo("BadRequest");
        assertThat((List<?>) problem.get("violations")).hasSize(2);
        assertThat(answer.body())
                .contains("\"pointer\":\"/item\",\"code\":\"NOT_BLANK\"")
                .contains("\"pointer\":\"/quantity\",\"code\":\"POSITIVE\"");
        assertThat((String) problem.get("trace_id")).matches("[0-9a-f]{32}");
    }

    @Test
    void whatAHandlerReturnsDecidesTheStatus() throws Exception {
        assertThat(send("GET", "/orders/7", "").body()).isEqualTo("seven");
        var missing = send("GET", "/orders/8", "");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(json(missing).get("code")).isEqualTo("NOT_FOUND");
        assertThat(send("DELETE", "/orders/7", "").statusCode()).isEqualTo(204);
    }

    @Test
    void parametersAreTyped() throws Exception {
        assertThat(send("GET", "/page?n=3&t=a%20b&t=c+d", "").body()).isEqualTo("3[a b, c d]");
        assertThat(send("GET", "/page", "").body()).isEqualTo("1[]");
        var wrong = send("GET", "/page?n=three", "");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("\"pointer\":\"query:n\"").contains("\"actual\":\"three\"");
        assertThat(send("GET", "/number/x", "").body()).contains("\"pointer\":\"path:n\"");
        assertThat(json(send("GET", "/page?n=%C3", "")).get("code")).isEqualTo("MALFORMED_QUERY");
    }

    @Test
    void problemsTravelAsTheyAre_otherFailuresTellNothing() throws Exception {
        var conflict = send("GET", "/conflict", "");
        assertThat(conflict.statusCode()).isEqualTo(409);
        assertThat(json(conflict))
                .containsEntry("title", "Conflict")
                .containsEntry("detail", "it is taken")
                .containsEntry("code", "TAKEN")
                .containsEntry("owner", "ann");
        var broken = send("GET", "/broken", "");
        assertThat(broken.statusCode()).isEqualTo(500);
        assertThat(json(broken).get("code")).isEqualTo("INTERNAL_ERROR");
        assertThat(broken.body()).doesNotContain("jdbc").doesNotContain("IllegalState");
        assertThat(json(send("GET", "/unwritable", "")).get("code")).isEqualTo("INTERNAL_ERROR");
    }

    @Test
    void unknownPathsMethodsAndMediaTypesAreRefused() throws Exception {
        var nothing = send("GET", "/nothing", "");
        assertThat(nothing.statusCode()).isEqualTo(404);
        assertThat(json(nothing).get("detail")).isEqualTo("no route for GET /nothing");
        var method = send("PATCH", "/orders/7", "");
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(method.headers().firstValue("allow")).contains("DELETE, GET, HEAD, OPTIONS, PUT");
        var options = send("OPTIONS", "/orders", "");
        assertThat(options.statusCode()).isEqualTo(204);
        assertThat(options.headers().firstValue("allow")).contains("OPTIONS, POST");
        assertThat(raw("OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false))
                .startsWith("HTTP/1.1 204 ")
                .contains("\r\nAllow: GET, HEAD, POST,");
        var media = send("POST", "/orders", "a=b", "Content-Type", "application/x-www-form-urlencoded");
        assertThat(media.statusCode()).isEqualTo(415);
        var head = send("HEAD", "/orders/7", "");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("content-length")).contains("5");
    }

    @Test
    void filtersGoAroundInTheirOrder() throws Exception {
        var answer = send("GET", "/v2/hello", "");
        assertThat(answer.headers().firstValue("x-outer")).contains("/v2/hello");
        assertThat(answer.headers().firstValue("x-inner")).contains("yes");
        assertThat(send("GET", "/orders/7", "").headers().firstValue("x-inner")).isEmpty();
    }

    @Test
    void bodyThatIsTooLargeIsRefused() throws Exception {
        var large = send("POST", "/orders", "{\"item\":\"" + "x".repeat(2000) + "\"}");
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(json(large).get("detail")).isEqualTo("the body is larger than 1024 bytes (http.max-body)");
    }

    @Test
    void bodyThatIsMalformedCutShortOrTooSlowIsRefused() throws Exception {
        var head = "POST /orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
        assertThat(raw(head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", false))
                .startsWith("HTTP/1.1 400 ")
                .contains("MALFORMED_BODY");
        assertThat(raw(head + "Transfer-Encoding: chunked\r\n\r\n800\r\n" + "x".repeat(2048), false))
                .startsWith("HTTP/1.1 413 ")
                .contains("BODY_TOO_LARGE");
        assertThat(raw(head + "Content-Length: 50\r\n\r\n{", true))
                .startsWith("HTTP/1.1 400 ")
                .contains("MALFORMED_BODY");
        assertThat(raw(head + "X-Request-Timeout-Ms: 100\r\nContent-Length: 50\r\n\r\n{", false))
                .startsWith("HTTP/1.1 504 ")
                .contains("DEADLINE_EXCEEDED");
    }

    /** Sends it, ends the sending where asked to, and takes all that comes until the other side closes. */
    private String raw(String request, boolean end) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.setSoTimeout(20_000);
            write(socket, request);
            if (end) {
                socket.shutdownOutput();
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void answersCanBeStreamed() throws Exception {
        assertThat(send("GET", "/stream", "").body()).isEqualTo("part 0\npart 1\npart 2\n");
    }

    @Test
    void traceAndDeadlineOfTheCallerHold() throws Exception {
        var trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        assertThat(send("GET", "/trace", "", "traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                        .body())
                .isEqualTo(trace);
        assertThat(Long.parseLong(send("GET", "/deadline", "", "X-Request-Timeout-Ms", "5000")
                        .body()))
                .isBetween(1L, 5000L);
        assertThat(Long.parseLong(send("GET", "/deadline", "", "X-Request-Timeout-Ms", "99000")
                        .body()))
                .isBetween(1L, 30_000L);
        assertThat(json(send("GET", "/deadline", "", "X-Request-Timeout-Ms", "soon"))
                        .get("code"))
                .isEqualTo("BAD_DEADLINE");
    }

    @Test
    void expiredWorkIsRefusedBeforeItStarts() throws Exception {
        int before = ran.get();
        var answer = send("GET", "/hang", "", "X-Request-Timeout-Ms", "0");
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(json(answer).get("code")).isEqualTo("DEADLINE_EXCEEDED");
        assertThat(ran.get()).isEqualTo(before);
    }

    /** The interrupt that ends a late handler must never reach the connection: the next request on it is answered. */
    @Test
    void lateHandlerIsEndedAndItsConnectionLivesOn() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.setSoTimeout(20_000);
            for (int i = 0; i < 5; i++) {
                write(socket, "GET /hang HTTP/1.1\r\nHost: a\r\nX-Request-Timeout-Ms: 50\r\n\r\n");
                assertThat(read(socket)).startsWith("HTTP/1.1 504 ").contains("DEADLINE_EXCEEDED");
                write(socket, "GET /orders/7 HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(read(socket)).startsWith("HTTP/1.1 200 ").endsWith("seven");
            }
        }
    }

    @Test
    void tooMuchAtOnceIsRefusedBeforeAnyWork() throws Exception {
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        try (var small = launch(composed -> composed.http().get("/wait", _ -> {
                    inside.countDown();
                    goOn.await();
                    return "done";
                }))
                .set("http.max-in-flight=1")
                .start()) {
            var uri = URI.create("http://127.0.0.1:" + small.port() + "/wait");
            var first = client.sendAsync(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            inside.await();
            var second = client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(second.statusCode()).isEqualTo(503);
            assertThat(second.headers().firstValue("retry-after")).contains("1");
            assertThat(json(second).get("code")).isEqualTo("OVERLOADED");
            goOn.countDown();
            assertThat(first.get().body()).isEqualTo("done");
        }
    }

    private static void write(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    /** One answer with a declared length. */
    private static String read(Socket socket) throws IOException {
        var text = new StringBuilder();
        var in = socket.getInputStream();
        while (text.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("the connection was closed after '" + text + "'");
            }
            text.append((char) c);
        }
        var head = text.toString();
        int at = head.toLowerCase(Locale.ROOT).indexOf("content-length: ") + 16;
        int length = Integer.parseInt(head.substring(at, head.indexOf('\r', at)));
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
