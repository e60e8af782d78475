package dev.plinth.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.Service;
import dev.plinth.error.Problem;
import dev.plinth.http.Request;
import dev.plinth.http.Response;
import dev.plinth.schema.ByteSize;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client can send and take, against a real service, over HTTP/1.1, HTTP/2 and within the process. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientFunctionsTest {
    record Quote(String item, int cents) {}

    private final AtomicInteger computed = new AtomicInteger();
    private final Map<String, Client> clients = new ConcurrentHashMap<>();
    private Service there;
    private Service other;
    private Service here;

    @BeforeAll
    void start() {
        other = service(composed -> composed.http().route("GET", "/seen", ClientFunctionsTest::seen));
        there = service(
                composed -> composed.http()
                        .route("POST", "/echo", ClientFunctionsTest::echo)
                        .route("PUT", "/echo", ClientFunctionsTest::echo)
                        .route("PATCH", "/echo", ClientFunctionsTest::echo)
                        .route("DELETE", "/echo", ClientFunctionsTest::echo)
                        .get("/seen", ClientFunctionsTest::seen)
                        .get("/seen/{id}", ClientFunctionsTest::seen)
                        .get("/enveloped", _ -> Map.of("data", new Quote("tea", 250), "page", 1))
                        .get("/quotes", _ -> List.of(new Quote("tea", 250), new Quote("milk", 90)))
                        .get("/nothing", _ -> Response.noContent())
                        .get("/packed", _ -> gzip("{\"item\":\"tea\",\"cents\":250}"))
                        .get("/bomb", _ -> gzip("0".repeat(3 << 20)))
                        .get("/half", _ -> Response.bytes("application/json", new byte[] {31, (byte) 139, 8, 0, 1})
                                .withHeader("Content-Encoding", "gzip"))
                        .get("/brotli", _ -> Response.text("x").withHeader("Content-Encoding", "br"))
                        .get(
                                "/streamed",
                                _ -> Response.stream("text/plain", to -> {
                                    for (int i = 0; i < 1000; i++) {
                                        to.write(("line " + i + "\n").getBytes(StandardCharsets.US_ASCII));
                                    }
                                }))
                        .get("/moved", _ -> Response.of(302).withHeader("Location", "/seen?from=moved"))
                        .get("/deep/moved", _ -> Response.of(302).withHeader("Location", "twice"))
                        .get("/deep/twice", _ -> Response.of(302).withHeader("Location", "../deep/er/last"))
                        .get("/deep/er/last", _ -> Response.of(302).withHeader("Location", "../../seen?q=relative"))
                        .get("/round", _ -> Response.of(302).withHeader("Location", "/round"))
                        .get("/away", _ -> Response.of(307)
                                .withHeader("Location", "http://127.0.0.1:" + other.port() + "/seen"))
                        .get("/ftp", _ -> Response.of(301).withHeader("Location", "ftp://127.0.0.1/x"))
                        .get("/tagged", request -> {
                            if ("\"v1\"".equals(request.header("if-none-match").orElse(""))) {
                                return Response.of(304).withHeader("ETag", "\"v1\"");
                            }
                            computed.incrementAndGet();
                            return Response.ok(new Quote("tea", 250)).withHeader("ETag", "\"v1\"");
                        })
                        .get("/busy", _ -> {
                            throw Problem.unavailable("OVERLOADED", "not now")
                                    .with("retry_after", 7)
                                    .with("queue", 12);
                        })
                        .get("/relay", _ -> clients.get("relayed").get("/seen").as(Map.class)),
                "http.http2-upgrade=true");
        var url = "http://127.0.0.1:" + there.port();
        var launch = Service.of(args -> Service.run("here", args, composed -> {
                    for (var name :
                            List.of("http1", "http2", "direct", "following", "tagged", "packing", "relayed", "based")) {
                        clients.put(name, composed.client(name));
                    }
                }))
                .environment(Map.of())
                .direct("direct", there)
                .set("http.port=0")
                .set("admin.port=0")
                .set("stop.drain-delay=0s")
                .set("clients.http1.url=" + url)
                .set("clients.http1.max-response=1MiB")
                .set("clients.http2.url=" + url)
                .set("clients.http2.http2=true")
                .set("clients.http2.max-response=1MiB")
                .set("clients.direct.max-response=1MiB")
                .set("clients.following.url=" + url)
                .set("clients.following.redirects=3")
                .set("clients.tagged.url=" + url)
                .set("clients.tagged.etag-cache=1MiB")
                .set("clients.packing.url=" + url)
                .set("clients.packing.gzip-requests=true")
                .set("clients.relayed.url=http://127.0.0.1:" + other.port())
                .set("clients.relayed.propagate=[X-Tenant]")
                .set("clients.based.url=" + url + "/seen/");
        for (var name : List.of("http1", "http2", "direct", "following", "tagged", "packing", "relayed", "based")) {
            launch.set("clients." + name + ".retry.attempts=1").set("clients." + name + ".timeout=20s");
        }
        here = launch.start();
    }

    @AfterAll
    void stop() {
        here.stop();
        there.stop();
        other.stop();
    }

    private static Service service(Service.Compose compose, String... settings) {
        var launch = Service.of(args -> Service.run("there", args, compose))
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

    private static Object seen(Request request) {
        var seen = new java.util.TreeMap<String, Object>();
        seen.put("path", request.path());
        for (var header :
                List.of("authorization", "cookie", "x-tenant", "x-shop", "accept", "idempotency-key", "traceparent")) {
            request.header(header).ifPresent(value -> seen.put(header, value));
        }
        seen.put("q", request.query("q").orElse(""));
        return seen;
    }

    @SuppressWarnings("unchecked") // JSON's objects have names that are text.
    private static Map<String, Object> seen(Call call) {
        return call.as(Map.class);
    }

    private static Object echo(Request request) throws IOException {
        return Response.bytes(
                        request.header("content-type").orElse("none"),
                        request.stream().readAllBytes())
                .withHeader("X-Method", request.method())
                .withHeader("X-Coding", request.header("content-encoding").orElse("none"));
    }

    private static Response gzip(String text) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return Response.bytes("application/json", packed.toByteArray()).withHeader("Content-Encoding", "gzip");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http1", "http2", "direct"})
    void everyMethodCarriesItsBody(String name) {
        var client = clients.get(name);
        for (var call : List.of(
                client.post("/echo", new Quote("tea", 1)),
                client.put("/echo", new Quote("tea", 1)),
                client.patch("/echo", new Quote("tea", 1)))) {
            var answer = call.answer();
            assertThat(answer.as(Quote.class)).isEqualTo(new Quote("tea", 1));
            assertThat(call.toString()).contains(answer.header("X-Method").orElseThrow());
        }
        assertThat(client.delete("/echo").answer().header("x-method")).contains("DELETE");
        assertThat(client.call("HEAD", "/seen").answer().bytes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http1", "http2", "direct"})
    void pathQueryAndHeadersArriveAsTheyWere(String name) {
        var seen = seen(clients.get(name)
                .get("/seen/{id}")
                .path("id", "a/b c?d#ü%2F")
                .query("q", "x&y=z +ü")
                .header("X-Shop", "north"));
        assertThat(seen.get("q")).isEqualTo("x&y=z +ü");
        assertThat(seen.get("x-shop")).isEqualTo("north");
        assertThat(seen.get("path")).isEqualTo("/seen/a%2Fb%20c%3Fd%23%C3%BC%252F");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http1", "http2", "direct"})
    void answersComeAsRecordsListsNodesAndNothing(String name) {
        var client = clients.get(name);
        assertThat(client.get("/quotes").list(Quote.class))
                .containsExactly(new Quote("tea", 250), new Quote("milk", 90));
        assertThat(client.get("/enveloped").node("data").as(Quote.class)).isEqualTo(new Quote("tea", 250));
        assertThat(client.get("/enveloped").node("date").find(Quote.class)).isEmpty();
        assertThat(client.get("/nothing").find(Quote.class)).isEmpty();
        assertThatThrownBy(() -> client.get("/enveloped").node("date").as(Quote.class))
                .hasMessage("UPSTREAM_GARBAGE: client '" + name + "' GET /enveloped: answered without 'date'");
        assertThatThrownBy(() -> client.get("/nothing").as(Quote.class))
                .hasMessageStartingWith("UPSTREAM_GARBAGE: client '" + name
                        + "' GET /nothing, attempt 1: answered nothing, where it was to be a Quote");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http1", "http2", "direct"})
    void packedAnswersAreOpenedWithinTheLimit(String name) {
        var client = clients.get(name);
        assertThat(client.get("/packed").as(Quote.class)).isEqualTo(new Quote("tea", 250));
        assertThatThrownBy(() -> client.get("/bomb").send())
                .hasMessage("UPSTREAM_TOO_LARGE: client '" + name + "' GET /bomb, attempt 1: answered more than 1048576"
                        + " bytes (clients." + name + ".max-response)");
        assertThatThrownBy(() -> client.get("/half").send())
                .hasMessageStartingWith("UPSTREAM_GARBAGE: client '" + name
                        + "' GET /half, attempt 1: the answer can't be read as gzip: ");
        assertThatThrownBy(() -> client.get("/brotli").send())
                .hasMessage(
                        "UPSTREAM_GARBAGE: client '" + name
                                + "' GET /brotli, attempt 1: the answer can't be read: its content coding is none that was asked for");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http1", "http2", "direct"})
    void bodiesAreStreamedBothWays(String name) throws IOException {
        var client = clients.get(name);
        long lines = client.get("/streamed")
                .read(answer -> new String(answer.body().readAllBytes(), StandardCharsets.US_ASCII)
                        .lines()
                        .count());
        assertThat(lines).isEqualTo(1000);
        for (long length : new long[] {-1, 300_000}) {
            var echoed = client.call("POST", "/echo").stream("text/x", length, to -> {
                        for (int i = 0; i < 3000; i++) {
                            to.write("0123456789".repeat(10).getBytes(StandardCharsets.US_ASCII));
                        }
                    })
                    .answer();
            assertThat(echoed.bytes()).hasSize(300_000);
            assertThat(echoed.header("Content-Type")).contains("text/x");
        }
        assertThatThrownBy(() -> client.get("/streamed").read(answer -> {
                    throw new IOException("the disk is full");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("the disk is full");
        assertThat(client.get("/quotes").list(Quote.class)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http1", "http2", "direct"})
    void problemsKeepWhatTheyCarried(String name) {
        assertThatThrownBy(() -> clients.get(name).get("/busy").send())
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.code()).isEqualTo("OVERLOADED");
                    assertThat(problem.status()).isEqualTo(503);
                    assertThat(problem.members())
                            .containsEntry("retry_after", 7)
                            .containsEntry("queue", 12);
                });
    }

    @Test
    void formsAndFilesAreSentAsBrowsersDo(@TempDir Path folder) throws IOException {
        var form = clients.get("http1")
                .call("POST", "/echo")
                .form(Map.of("a b", "ü&="))
                .answer();
        assertThat(form.text()).isEqualTo("a+b=%C3%BC%26%3D");
        assertThat(form.header("content-type")).contains("application/x-www-form-urlencoded");

        var file = Files.writeString(folder.resolve("scan.txt"), "from disk");
        var answer = clients.get("http1")
                .call("POST", "/echo")
                .multipart(new Multipart()
                        .field("title", "In\"voice")
                        .file("scan", file, "text/plain")
                        .file("raw", "a.bin", "application/octet-stream", new byte[] {1, 2}))
                .answer();
        var boundary = answer.header("content-type").orElseThrow().replace("multipart/form-data; boundary=", "");
        assertThat(answer.text())
                .isEqualTo(
                        "--B\r\nContent-Disposition: form-data; name=\"title\"\r\nContent-Type: text/plain; charset=utf-8"
                                        .replace("B", boundary)
                                + "\r\n\r\nIn\"voice\r\n--" + boundary
                                + "\r\nContent-Disposition: form-data; name=\"scan\"; filename=\"scan.txt\"\r\nContent-Type: text/plain"
                                + "\r\n\r\nfrom disk\r\n--" + boundary
                                + "\r\nContent-Disposition: form-data; name=\"raw\"; filename=\"a.bin\"\r\nContent-Type:"
                                + " application/octet-stream\r\n\r\n\u0001\u0002\r\n--" + boundary + "--\r\n");
    }

    @Test
    void largeBodiesArePackedWhereAskedFor() throws IOException {
        var answer =
                clients.get("packing").post("/echo", List.of("x".repeat(5000))).answer();
        assertThat(answer.header("x-coding")).contains("gzip");
        // The door has unpacked it, and what is left of the packing is its header.
        assertThat(answer.bytes()).hasSize(5004);
        assertThat(clients.get("packing").post("/echo", List.of("x")).answer().header("x-coding"))
                .contains("none");
    }

    @Test
    void redirectionsAreNotFollowedUnlessAskedFor() {
        assertThatThrownBy(() -> clients.get("http1").get("/moved").send())
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(502))
                .hasMessage("UPSTREAM_ERROR: client 'http1' GET /moved, attempt 1: answered 302");
    }

    @Test
    void redirectionsStayWithinTheirLimitAndTellNoSecrets() {
        var following = clients.get("following");
        var near = seen(following.get("/moved").header("Authorization", "Bearer s"));
        assertThat(near.get("authorization")).isEqualTo("Bearer s");
        var far =
                seen(following.get("/away").header("Authorization", "Bearer s").header("Cookie", "c=1"));
        assertThat(far).doesNotContainKeys("authorization", "cookie").containsKey("accept");
        assertThat(seen(following.get("/deep/moved"))).containsEntry("q", "relative");
        assertThatThrownBy(() -> following.get("/round").send())
                .hasMessage(
                        "UPSTREAM_ERROR: client 'following' GET /round, attempt 1: answered with more than 3 redirections"
                                + " (clients.following.redirects)");
        assertThatThrownBy(() -> following.get("/ftp").send())
                .hasMessageContaining("answered with a redirection to where calls may not go");
    }

    @Test
    void taggedAnswersAreAskedForOnce() {
        var tagged = clients.get("tagged");
        int before = computed.get();
        for (int i = 0; i < 3; i++) {
            assertThat(tagged.get("/tagged").as(Quote.class)).isEqualTo(new Quote("tea", 250));
        }
        assertThat(computed.get()).isEqualTo(before + 1);
        tagged.get("/tagged").header("Authorization", "Bearer other").send();
        assertThat(computed.get()).isEqualTo(before + 2);
    }

    @Test
    void namedHeadersTravelOnAndOthersDont() {
        var relayed = seen(clients.get("http1")
                .get("/relay")
                .header("X-Tenant", "north")
                .header("X-Shop", "nine")
                .header("Authorization", "Bearer s"));
        assertThat(relayed).containsEntry("x-tenant", "north").doesNotContainKeys("x-shop", "authorization");
    }

    @Test
    void pathOfTheUrlGoesBefore() {
        assertThat(seen(clients.get("based").get("/7")).get("path")).isEqualTo("/seen/7");
    }

    @Test
    void interceptorsSeeEachCallInTheirOrder() {
        var client = clients.get("based");
        var order = new java.util.ArrayList<String>();
        client.intercept((call, next) -> {
            order.add("first");
            return next.proceed(call.header("X-Shop", "north"));
        });
        client.intercept((call, next) -> {
            order.add("second");
            return next.proceed(call);
        });
        assertThat(seen(client.get("/7"))).containsEntry("x-shop", "north");
        assertThat(order).containsExactly("first", "second");
    }

    @Test
    void idempotencyKeyIsSentAndItsOwnEachTime() {
        var client = clients.get("http1");
        var one = seen(client.get("/seen").idempotencyKey()).get("idempotency-key");
        var two = seen(client.get("/seen").idempotencyKey()).get("idempotency-key");
        assertThat(one).isNotNull().isNotEqualTo(two);
        assertThat(seen(client.get("/seen").idempotencyKey("k-1"))).containsEntry("idempotency-key", "k-1");
    }

    @Test
    void whatHttpCantCarryIsRefusedAtOnce() {
        var client = clients.get("http1");
        assertThatThrownBy(() -> client.get("/seen").header("X-A", "b\r\nX-C: d"))
                .hasMessage("the value of header X-A holds what HTTP can't carry. Encode it, or leave it out.");
        assertThatThrownBy(() -> client.get("/seen").header("Host", "x"))
                .hasMessage("header 'Host' can't be set on a call");
        assertThatThrownBy(() -> client.call("GE T", "/x")).hasMessage("method 'GE T' (expected: one such as GET)");
        assertThatThrownBy(() -> client.get("/seen").timeout(Duration.ZERO))
                .hasMessage("timeout PT0S (expected: more than zero)");
        assertThatThrownBy(() -> client.get("/seen/{id}").path("id", ".."))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(400))
                .hasMessage("BAD_PATH_VALUE: '..' can't be a part of a path (id of /seen/{id})");
    }

    @Test
    void cacheOfTagsForgetsTheOldestFirst() {
        var cache = new EtagCache(new ByteSize(8192).bytes());
        for (int i = 0; i < 100; i++) {
            cache.put("k" + i, new EtagCache.Entry("t", 200, new String[0], new byte[1000]));
            cache.get("k0");
        }
        assertThat(cache.get("k0")).isNotNull();
        assertThat(cache.get("k1")).isNull();
        assertThat(cache.get("k99")).isNotNull();
        assertThat(cache.count()).isBetween(3, 6);
        cache.put("large", new EtagCache.Entry("t", 200, new String[0], new byte[5000]));
        assertThat(cache.get("large")).isNull();
    }
}
