package dev.plinth.http;

import static dev.plinth.http.TestDoor.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.Await;
import dev.plinth.LogCapture;
import dev.plinth.Service;
import dev.plinth.config.ConfigException;
import dev.plinth.context.Context;
import dev.plinth.error.Problem;
import dev.plinth.time.ManualTime;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a listener does with every request by its configuration. */
@Timeout(60)
class PoliciesTest {
    private static void compose(Service service) {
        service.http()
                .get("/hello", _ -> "hello")
                .get("/tenant", _ -> Context.current().tenant())
                .get("/page", _ -> Response.bytes("text/html", "<p>".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .get("/own", _ -> Response.bytes("text/html", new byte[0])
                        .withHeader("Content-Security-Policy", "default-src 'self'"))
                .put("/hello", _ -> null)
                .get("/conflict", _ -> {
                    throw Problem.conflict("TAKEN", "taken");
                });
    }

    /** The JDK's client keeps these headers to itself, so the request is written by hand. */
    private static String call(TestDoor door, String method, String path, String... headers) throws Exception {
        var request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        return door.raw(request + "\r\n");
    }

    private static String header(HttpResponse<?> response, String name) {
        return String.join(" | ", response.headers().allValues(name));
    }

    // ---- CORS ------------------------------------------------------------------------------------------------------

    @Test
    void pagesOfKnownOriginsMayCall_alsoWhereTheyAreRefused() throws Exception {
        try (var door = TestDoor.open(
                PoliciesTest::compose,
                "http.cors.origins=[https://app.example.org, \"https://*.apps.example.org\"]",
                "http.cors.credentials=true")) {
            for (var path : List.of("/hello", "/conflict", "/nothing")) {
                assertThat(call(door, "GET", path, "Origin", "https://app.example.org"))
                        .as(path)
                        .contains("\r\nAccess-Control-Allow-Origin: https://app.example.org\r\n")
                        .contains("\r\nAccess-Control-Allow-Credentials: true\r\n")
                        .contains("\r\nAccess-Control-Expose-Headers: ETag, Location,")
                        .contains("\r\nVary: Origin\r\n");
            }
            assertThat(call(door, "GET", "/hello")).contains("Vary: Origin").doesNotContain("Access-Control");
            assertThat(call(door, "GET", "/hello", "Origin", "https://app.example.org", "X-Request-Timeout-Ms", "0"))
                    .startsWith("HTTP/1.1 504 ")
                    .contains("Access-Control-Allow-Origin");
            assertThat(call(door, "POST", "/hello", "Origin", "https://app.example.org", "Content-Length", "99999999"))
                    .startsWith("HTTP/1.1 413 ")
                    .contains("Access-Control-Allow-Origin");
            var preflight = call(
                    door,
                    "OPTIONS",
                    "/hello",
                    "Origin",
                    "https://x.y.apps.example.org",
                    "Access-Control-Request-Method",
                    "PUT",
                    "Access-Control-Request-Headers",
                    "content-type,if-match");
            assertThat(preflight)
                    .startsWith("HTTP/1.1 204 ")
                    .contains("\r\nAccess-Control-Allow-Origin: https://x.y.apps.example.org\r\n")
                    .contains("\r\nAccess-Control-Allow-Methods: GET, HEAD, POST, PUT, PATCH, DELETE\r\n")
                    .contains("\r\nAccess-Control-Allow-Headers: Authorization, Content-Type,")
                    .contains("\r\nAccess-Control-Max-Age: 3600\r\n")
                    .contains("\r\nVary: Access-Control-Request-Method, Access-Control-Request-Headers\r\n");
            assertThat(call(door, "OPTIONS", "/hello", "Origin", "https://app.example.org"))
                    .contains("\r\nAllow: GET,");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://evil.example",
        "http://app.example.org",
        "https://app.example.org.evil.example",
        "https://app.example.org:8443",
        "https://evil.example/.apps.example.org",
        "https://apps.example.org",
        "https://evilapps.example.org",
        "https://a@b.apps.example.org",
        "null",
    })
    void otherOriginsGetNothing(String origin) throws Exception {
        try (var door = TestDoor.open(
                PoliciesTest::compose, "http.cors.origins=[https://app.example.org, \"https://*.apps.example.org\"]")) {
            assertThat(call(door, "GET", "/hello", "Origin", origin))
                    .startsWith("HTTP/1.1 200 ")
                    .doesNotContain("Access-Control-Allow");
            assertThat(call(door, "OPTIONS", "/hello", "Origin", origin, "Access-Control-Request-Method", "GET"))
                    .startsWith("HTTP/1.1 403 ")
                    .contains("CORS_REFUSED")
                    .doesNotContain("Access-Control-Allow");
        }
    }

    @Test
    void preflightForMoreThanIsAllowedIsRefused() throws Exception {
        try (var door = TestDoor.open(PoliciesTest::compose, "http.cors.origins=[\"*\"]", "http.cors.methods=[GET]")) {
            assertThat(call(door, "GET", "/hello", "Origin", "https://any.example"))
                    .contains("\r\nAccess-Control-Allow-Origin: *\r\n")
                    .doesNotContain("Vary");
            assertThat(call(
                            door,
                            "OPTIONS",
                            "/hello",
                            "Origin",
                            "https://a.example",
                            "Access-Control-Request-Method",
                            "PUT"))
                    .startsWith("HTTP/1.1 403 ");
            assertThat(call(
                            door,
                            "OPTIONS",
                            "/hello",
                            "Origin",
                            "https://a.example",
                            "Access-Control-Request-Method",
                            "GET",
                            "Access-Control-Request-Headers",
                            "x-secret"))
                    .startsWith("HTTP/1.1 403 ");
        }
        try (var door = TestDoor.open(PoliciesTest::compose)) {
            assertThat(call(
                            door,
                            "OPTIONS",
                            "/hello",
                            "Origin",
                            "https://a.example",
                            "Access-Control-Request-Method",
                            "GET"))
                    .startsWith("HTTP/1.1 204 ")
                    .doesNotContain("Access-Control");
        }
    }

    @Test
    void dangerousOrMisspeltOriginsStopTheStart() {
        assertThatThrownBy(() ->
                        TestDoor.open(PoliciesTest::compose, "http.cors.origins=[\"*\"]", "http.cors.credentials=true"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("would let every page act as its visitor");
        assertThatThrownBy(() -> TestDoor.open(PoliciesTest::compose, "http.cors.origins=[example.org/app]"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'example.org/app' (expected: scheme and host");
    }

    // ---- headers of every answer -----------------------------------------------------------------------------------

    @Test
    void answersCarrySafeHeaders_unlessTheySayOtherwise() throws Exception {
        try (var door = TestDoor.open(PoliciesTest::compose, "http.hsts=1d")) {
            for (var path : List.of("/hello", "/nothing")) {
                assertThat(header(door.get(path), "x-content-type-options")).isEqualTo("nosniff");
            }
            var page = door.get("/page");
            assertThat(header(page, "x-frame-options")).isEqualTo("DENY");
            assertThat(header(page, "content-security-policy")).startsWith("frame-ancestors 'none'");
            assertThat(header(door.get("/own"), "content-security-policy")).isEqualTo("default-src 'self'");
            // Said without TLS it would be ignored, and by anybody in between.
            assertThat(header(page, "strict-transport-security")).isEmpty();
        }
        try (var door = TestDoor.open(PoliciesTest::compose, "http.security-headers=false")) {
            assertThat(header(door.get("/page"), "x-content-type-options")).isEmpty();
        }
    }

    @Test
    void requestIdIsTheCallersOrTheTraces() throws Exception {
        try (var door = TestDoor.open(PoliciesTest::compose)) {
            assertThat(header(door.get("/hello", "X-Request-ID", "abc-7"), "x-request-id"))
                    .isEqualTo("abc-7");
            assertThat(header(door.get("/nothing", "X-Correlation-ID", "c-1"), "x-request-id"))
                    .isEqualTo("c-1");
            var own = door.get("/nothing");
            assertThat(header(own, "x-request-id"))
                    .isEqualTo(json(own).get("trace_id"))
                    .hasSize(32);
            assertThat(header(door.get("/hello", "X-Request-ID", "x".repeat(500)), "x-request-id")
                            .length())
                    .isLessThan(200);
        }
    }

    @Test
    void tenantIsInTheContext() throws Exception {
        try (var door =
                TestDoor.open(PoliciesTest::compose, "http.tenant.header=X-Tenant-ID", "http.tenant.required=true")) {
            assertThat(door.get("/tenant", "X-Tenant-ID", "acme-7").body()).isEqualTo("acme-7");
            assertThat(json(door.get("/tenant")).get("code")).isEqualTo("BAD_TENANT");
            for (var evil : List.of("../acme", "a b", "x".repeat(65))) {
                assertThat(json(door.get("/tenant", "X-Tenant-ID", evil)).get("detail"))
                        .isEqualTo(
                                "header x-tenant-id (expected: at most 64 letters, digits and ._- that name the tenant)");
            }
            assertThat(door.get("/health/live").statusCode()).isEqualTo(200);
        }
        try (var door = TestDoor.open(PoliciesTest::compose)) {
            assertThat(door.get("/tenant", "X-Tenant-ID", "acme").body()).isEmpty();
        }
    }

    // ---- maintenance -----------------------------------------------------------------------------------------------

    @Test
    void maintenanceIsSwitchedAtRunTime_andProbesAnswerOn() throws Exception {
        try (var door = TestDoor.open(
                        PoliciesTest::compose, "http.maintenance.on=true", "http.maintenance.retry-after=2m");
                var client = HttpClient.newHttpClient()) {
            var refused = door.get("/hello");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(header(refused, "retry-after")).isEqualTo("120");
            assertThat(json(refused))
                    .containsEntry("code", "MAINTENANCE")
                    .containsEntry("detail", "the service is being maintained");
            assertThat(door.get("/nothing").statusCode()).isEqualTo(503);
            assertThat(door.get("/health/ready").statusCode()).isEqualTo(200);

            var admin = URI.create("http://127.0.0.1:" + door.service.adminPort() + "/maintenance");
            var off = client.send(
                    HttpRequest.newBuilder(admin)
                            .header("Content-Type", "application/json")
                            .PUT(HttpRequest.BodyPublishers.ofString("{\"on\":false}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(off.body()).isEqualTo("{\"on\":false}");
            assertThat(door.get("/hello").body()).isEqualTo("hello");
            door.service.http().maintenance().set(true);
            var state = client.send(HttpRequest.newBuilder(admin).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(state.body()).isEqualTo("{\"on\":true}");
            assertThat(door.get("/hello").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void aChangeOfTheConfigurationSwitchesToo(@TempDir Path folder) throws Exception {
        var file = folder.resolve("service.yaml");
        Files.writeString(file, "http: { maintenance: { on: false } }");
        var service = TestDoor.launch(PoliciesTest::compose).directory(folder).start();
        try (var door = TestDoor.of(service);
                var log = new LogCapture(RequestLog.class)) {
            assertThat(door.get("/hello").statusCode()).isEqualTo(200);
            Files.writeString(file, "http: { maintenance: { on: true }, request-log: { on: true } }");
            service.config().reload();
            assertThat(door.get("/hello").statusCode()).isEqualTo(503);
            Await.until("it is logged", () -> log.lines().equals(List.of("INFO GET /hello answered 503")));
            Files.writeString(file, "http: { maintenance: { on: false } }");
            service.config().reload();
            assertThat(door.get("/hello").statusCode()).isEqualTo(200);
        }
    }

    // ---- limits ----------------------------------------------------------------------------------------------------

    @Test
    void eachCallerHasALimitOfHisOwn() throws Exception {
        var time = new ManualTime();
        var service = TestDoor.launch(PoliciesTest::compose)
                .set("http.rate-limit.requests=2")
                .set("http.rate-limit.per=10s")
                .set("http.rate-limit.header=X-API-Key")
                .time(time)
                .start();
        try (var door = TestDoor.of(service)) {
            var first = door.get("/hello", "X-API-Key", "a");
            assertThat(header(first, "ratelimit-policy")).isEqualTo("\"caller\";q=2;w=10");
            assertThat(header(first, "ratelimit")).isEqualTo("\"caller\";r=1;t=5");
            assertThat(header(door.get("/nothing", "X-API-Key", "a"), "ratelimit"))
                    .isEqualTo("\"caller\";r=0;t=10");
            var refused = door.get("/hello", "X-API-Key", "a");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(header(refused, "retry-after")).isEqualTo("5");
            assertThat(header(refused, "ratelimit")).isEqualTo("\"caller\";r=0;t=10");
            assertThat(json(refused))
                    .containsEntry("code", "RATE_LIMITED")
                    .containsEntry("detail", "rate limit 'caller': more than 2 requests in 10 s");
            assertThat(door.get("/hello", "X-API-Key", "b").statusCode()).isEqualTo(200);
            assertThat(door.get("/hello").statusCode()).isEqualTo(200);
            assertThat(door.get("/health/live").headers().firstValue("ratelimit"))
                    .isEmpty();
            time.advance(Duration.ofSeconds(5));
            assertThat(door.get("/hello", "X-API-Key", "a").statusCode()).isEqualTo(200);
            assertThat(door.get("/hello", "X-API-Key", "a").statusCode()).isEqualTo(429);
        }
    }

    /** A flood of made-up keys: memory is bounded, callers who were there keep their own count, new ones share one. */
    @Test
    void floodOfKeysIsBounded() throws Exception {
        var service = TestDoor.launch(PoliciesTest::compose)
                .set("http.rate-limit.requests=3")
                .set("http.rate-limit.per=1h")
                .set("http.rate-limit.header=X-API-Key")
                .set("http.rate-limit.max-keys=5")
                .time(new ManualTime())
                .start();
        try (var door = TestDoor.of(service)) {
            assertThat(door.get("/hello", "X-API-Key", "early").statusCode()).isEqualTo(200);
            int refused = 0;
            for (int i = 0; i < 20; i++) {
                refused += door.get("/hello", "X-API-Key", "k" + i).statusCode() == 429 ? 1 : 0;
            }
            assertThat(refused).isEqualTo(20 - 4 - 3);
            assertThat(door.get("/hello", "X-API-Key", "early").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void limitStandsInCodeToo() throws Exception {
        try (var door = TestDoor.open(
                service -> service.http().get("/free", _ -> "free").group("/search", search -> search.filter(
                                RateLimit.of("search", 1, Duration.ofHours(1), service.time(), RateLimit::address))
                        .get("/all", _ -> "found")))) {
            assertThat(door.get("/search/all").body()).isEqualTo("found");
            assertThat(door.get("/search/all").statusCode()).isEqualTo(429);
            assertThat(door.get("/free").body()).isEqualTo("free");
        }
        assertThatThrownBy(() -> RateLimit.of("a\"b", 1, Duration.ofSeconds(1), new ManualTime(), RateLimit::address))
                .hasMessage("rate limit 'a\"b' (expected: lower-case letters, digits and hyphens, at most 40)");
    }

    // ---- the log ---------------------------------------------------------------------------------------------------

    @Test
    void eachRequestHasALine_withoutSecrets() throws Exception {
        try (var log = new LogCapture(RequestLog.class);
                var door = TestDoor.open(
                        PoliciesTest::compose,
                        "http.request-log.on=true",
                        "http.request-log.headers=true",
                        "http.request-log.redact=[X-Mine, mail]")) {
            door.get(
                    "/hello?a=1&access_token=s3cret&mail=s3cret&%74oken=s3cret&flag",
                    "Authorization", "Bearer s3cret", "Cookie", "id=s3cret", "X-Mine", "s3cret", "X-Other", "shown");
            door.get("/health/live");
            Await.until("there is a line", () -> !log.lines().isEmpty());
            assertThat(log.lines()).containsExactly("INFO GET /hello answered 200");
            assertThat(log.values().getFirst())
                    .contains("a=1&access_token=***&mail=***&%74oken=***&flag")
                    .contains("shown")
                    .doesNotContain("s3cret");
        }
        try (var log = new LogCapture(RequestLog.class);
                var door = TestDoor.open(PoliciesTest::compose)) {
            door.get("/hello");
            assertThat(log.lines()).isEmpty();
        }
    }
}
