package dev.plinth.http;

import static dev.plinth.http.TestDoor.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.Service;
import dev.plinth.auth.Authenticator;
import dev.plinth.auth.Evidence;
import dev.plinth.auth.StoredHash;
import dev.plinth.auth.Verdict;
import dev.plinth.config.ConfigException;
import dev.plinth.context.Context;
import dev.plinth.context.Principal;
import dev.plinth.error.Problem;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may call what, by code and by configuration, over a real port. */
@Timeout(300)
class AccessTest {
    private static final String READER = StoredHash.newKey();
    private static final String CLERK = StoredHash.newKey();
    private static final Map<String, String> OWNERS = Map.of("1", "ann", "2", "clerk");

    /** A service with two keys; further settings in turn. */
    private static TestDoor door(Service.Compose compose, String... settings) {
        var all = new java.util.ArrayList<>(List.of(
                "auth.machines.backend=api-keys",
                "auth.machines.keys.reader.hash=" + StoredHash.ofKey(READER).text(),
                "auth.machines.keys.reader.roles=[reader]",
                "auth.machines.keys.clerk.hash=" + StoredHash.ofKey(CLERK).text(),
                "auth.machines.keys.clerk.roles=[reader, clerk]"));
        all.addAll(Arrays.asList(settings));
        return TestDoor.open(compose, all.toArray(String[]::new));
    }

    private static int status(TestDoor door, String method, String path, String key) throws Exception {
        return (key.isEmpty() ? door.send(method, path, "") : door.send(method, path, "", "X-API-Key", key))
                .statusCode();
    }

    private static String who(Request request) {
        return Context.current().principal().toString();
    }

    private static void orders(Service service) {
        service.http()
                .get("/undecided", AccessTest::who)
                .access(Access.anybody(), open -> open.get("/open", AccessTest::who))
                .group("/orders", orders -> orders.access(Access.roles("reader"))
                        .get("", AccessTest::who)
                        .access(Access.roles("clerk"), clerk -> clerk.post("", AccessTest::who))
                        .access(
                                Access.roles("boss").or(Access.owner(request -> {
                                    var owner = OWNERS.get(request.path("id"));
                                    if (owner == null) {
                                        throw Problem.notFound("ORDER_NOT_FOUND", "no such order");
                                    }
                                    return owner;
                                })),
                                own -> own.get("/{id}", AccessTest::who)));
    }

    /** Says the same of everybody. */
    private record Always(Verdict verdict, String source) implements Authenticator {
        @Override
        public Verdict authenticate(Evidence evidence) {
            return verdict;
        }

        @Override
        public String challenge(String realm, boolean refused) {
            return "Always";
        }

        @Override
        public Map<String, Object> scheme() {
            return Map.of();
        }
    }

    @Test
    void whoIsKnownWithoutANameIsNobody() throws Exception {
        try (var door = TestDoor.open(service -> {
            service.http().authenticator("careless", new Always(new Verdict.Accepted(Principal.ANONYMOUS), "nothing"));
            orders(service);
        })) {
            assertThat(status(door, "GET", "/undecided", "")).isEqualTo(401);
            assertThat(status(door, "GET", "/orders", "")).isEqualTo(401);
            assertThat(status(door, "GET", "/open", "")).isEqualTo(200);
        }
    }

    @Test
    void whatCannotBeJudgedIsNotTheRightsOfSomethingElse() throws Exception {
        var down = new Verdict.Unavailable("the issuer is down", Duration.ofSeconds(7));
        var gateway = new Principal("gateway", Set.of("reader"), "mesh", Map.of());
        try (var door = TestDoor.open(service -> {
            service.http()
                    .authenticator("users", new Always(down, "Authorization: Bearer"))
                    .authenticator("mesh", new Always(new Verdict.Accepted(gateway), "X-Gateway"));
            orders(service);
        })) {
            var refused = door.send("GET", "/orders", "");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(json(refused).get("code")).isEqualTo("AUTHENTICATION_UNAVAILABLE");
            assertThat(refused.headers().firstValue("Retry-After")).contains("7");
            assertThat(door.send("GET", "/open", "").body()).isEqualTo(Principal.ANONYMOUS.toString());
        }
    }

    @Test
    void anotherOfTheSameKindMayKnowWhatOneCannotJudge() throws Exception {
        var down = new Verdict.Unavailable("the issuer is down", Duration.ofSeconds(7));
        var ann = new Principal("ann", Set.of("reader"), "partners", Map.of());
        try (var door = TestDoor.open(service -> {
            service.http()
                    .authenticator("users", new Always(down, "Authorization: Bearer"))
                    .authenticator("partners", new Always(new Verdict.Accepted(ann), "Authorization: Bearer"));
            orders(service);
        })) {
            assertThat(status(door, "GET", "/orders", "")).isEqualTo(200);
        }
    }

    @Test
    void whatIsClosedForAllClosesNothingElse() throws Exception {
        try (var door = TestDoor.open(
                service -> service.http().get("/internal/x", _ -> "x").get("/public", _ -> "p"),
                "http.access=[{path: /internal/..., allow: nobody}]")) {
            assertThat(status(door, "GET", "/internal/x", "")).isEqualTo(401);
            assertThat(status(door, "GET", "/public", "")).isEqualTo(200);
        }
    }

    @Test
    void anUnknownVersionTellsNobodyAnything() throws Exception {
        try (var door = door(service -> service.http()
                .version("1", v1 -> v1.get("/stock", _ -> "1"))
                .version("2", v2 -> v2.get("/stock", _ -> "2")))) {
            assertThat(door.send("GET", "/stock", "", "API-Version", "999").statusCode())
                    .isEqualTo(401);
            assertThat(door.send("GET", "/stock", "", "API-Version", "999", "X-API-Key", READER)
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    private static final String[] BOSS = {
        "auth.machines.keys.boss.hash=" + StoredHash.ofKey("boss-key").text(), "auth.machines.keys.boss.roles=[boss]"
    };

    @Test
    void whoIsKnownMay_unlessARuleSaysOtherwise() throws Exception {
        try (var door = door(AccessTest::orders, BOSS)) {
            assertThat(status(door, "GET", "/undecided", "")).isEqualTo(401);
            assertThat(status(door, "GET", "/nothing/there", "")).isEqualTo(401);
            assertThat(status(door, "DELETE", "/undecided", "")).isEqualTo(401);
            assertThat(status(door, "OPTIONS", "/undecided", "")).isEqualTo(401);
            assertThat(status(door, "GET", "/nothing/there", READER)).isEqualTo(404);
            assertThat(status(door, "DELETE", "/undecided", READER)).isEqualTo(405);
            assertThat(door.get("/undecided", "X-API-Key", READER).body()).isEqualTo("reader by machines [reader]");
            assertThat(door.get("/open").body()).isEqualTo("nobody");
            assertThat(door.get("/open", "X-API-Key", READER).body()).isEqualTo("reader by machines [reader]");
            assertThat(door.get("/open", "X-API-Key", "wrong").body()).isEqualTo("nobody");
            assertThat(door.get("/health/ready").statusCode()).isEqualTo(200);
            assertThat(door.get("/health/ready", "X-API-Key", "wrong").statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /orders, '', 401",
        "GET, /orders, reader, 200",
        "HEAD, /orders, '', 401",
        "HEAD, /orders, reader, 200",
        "POST, /orders, reader, 403",
        "POST, /orders, clerk, 200",
        "GET, /orders/1, clerk, 403",
        "GET, /orders/2, clerk, 200",
        "GET, /orders/2, boss, 200",
        "GET, /orders/3, boss, 200",
        "GET, /orders/3, clerk, 404",
        "GET, /orders/3, '', 401"
    })
    void rolesAndOwners(String method, String path, String who, int expected) throws Exception {
        try (var door = door(AccessTest::orders, BOSS)) {
            var key =
                    switch (who) {
                        case "reader" -> READER;
                        case "clerk" -> CLERK;
                        case "boss" -> "boss-key";
                        default -> "";
                    };
            assertThat(status(door, method, path, key)).isEqualTo(expected);
        }
    }

    @Test
    void refusalsTellNoMoreThanNeeded() throws Exception {
        try (var door = door(AccessTest::orders, BOSS)) {
            var unknown = door.get("/orders", "X-API-Key", "wrong");
            assertThat(unknown.statusCode()).isEqualTo(401);
            assertThat(unknown.headers().allValues("WWW-Authenticate"))
                    .containsExactly("ApiKey realm=\"door\", header=\"X-API-Key\"");
            assertThat(json(unknown))
                    .containsEntry("code", "UNAUTHENTICATED")
                    .containsEntry("category", "Unauthorized")
                    .containsEntry("detail", "say who you are: WWW-Authenticate tells how");
            var forbidden = door.send("POST", "/orders", "", "X-API-Key", READER);
            assertThat(forbidden.headers().allValues("WWW-Authenticate")).isEmpty();
            assertThat(json(forbidden))
                    .containsEntry("code", "FORBIDDEN")
                    .containsEntry("category", "Unauthorized")
                    .containsEntry("detail", "you may not do this");
        }
    }

    @Test
    void rulesOfTheConfiguration_theFirstDecides_andThoseOfTheCodeHoldAsWell() throws Exception {
        try (var door = door(
                service -> service.http()
                        .get("/public/{page...}", AccessTest::who)
                        .get("/orders/{id}", AccessTest::who)
                        .put("/orders/{id}", AccessTest::who)
                        .delete("/orders/{id}", AccessTest::who)
                        .group("/inner", inner -> inner.access(Access.roles("reader"))
                                .get("/a", AccessTest::who)),
                "http.access=[{path: /public/..., allow: anybody},"
                        + " {path: '/orders/{id}', methods: [GET], roles: [reader]},"
                        + " {path: '/orders/{id}', methods: [PUT], roles: [clerk]},"
                        + " {path: /orders/..., allow: nobody},"
                        + " {path: /inner/..., roles: [clerk]}]")) {
            assertThat(status(door, "GET", "/public/a/b", "")).isEqualTo(200);
            assertThat(status(door, "GET", "/orders/7", "")).isEqualTo(401);
            assertThat(status(door, "GET", "/orders/7", READER)).isEqualTo(200);
            assertThat(status(door, "HEAD", "/orders/7", "")).isEqualTo(401);
            assertThat(status(door, "HEAD", "/orders/7", READER)).isEqualTo(200);
            assertThat(status(door, "PUT", "/orders/7", READER)).isEqualTo(403);
            assertThat(status(door, "PUT", "/orders/7", CLERK)).isEqualTo(200);
            assertThat(status(door, "DELETE", "/orders/7", CLERK)).isEqualTo(403);
            assertThat(status(door, "DELETE", "/orders/7", "")).isEqualTo(401);
            assertThat(status(door, "GET", "/inner/a", CLERK)).isEqualTo(200);
            assertThat(status(door, "GET", "/inner/a", READER)).isEqualTo(403);
        }
    }

    /** No other way to write a path leads past its rule. */
    @ParameterizedTest
    @CsvSource({
        "/orders/7",
        "/%6frders/7",
        "/o%72ders/%37",
        "/orders/7?x=/public/",
        "/public/../orders/7",
        "/public/%2e%2e/orders/7",
        "/public%2f..%2forders/7",
        "//orders/7",
        "/./orders/7",
        "/orders/7;x=1",
        "/orders//7",
        "/orders/%2e/7",
        "/ORDERS/7",
        "/orders/7/",
        "/orders%2f7",
        "/orders/%00",
        "/orders/%ff"
    })
    void noSpellingLeadsPastARule(String path) throws Exception {
        try (var door = door(
                service -> service.http()
                        .get("/public/page", AccessTest::who)
                        .get("/orders/{id}", _ -> "secret")
                        .get("/", AccessTest::who),
                "http.access=[{path: /public/..., allow: anybody}, {path: /orders/..., roles: [clerk]}]")) {
            var answer = door.raw("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(answer)
                    .doesNotContain("secret")
                    .matches(text -> text.startsWith("HTTP/1.1 401 ")
                            || text.startsWith("HTTP/1.1 400 ")
                            || text.startsWith("HTTP/1.1 404 "));
        }
    }

    @Test
    void aBodyThatIsWrittenAsItGoesKnowsThePrincipal() throws Exception {
        try (var door = door(service -> service.http()
                .get(
                        "/stream",
                        _ -> Response.stream(
                                "text/plain",
                                out -> out.write(
                                        Context.current().principal().name().getBytes(StandardCharsets.UTF_8)))))) {
            assertThat(door.get("/stream", "X-API-Key", READER).body()).isEqualTo("reader");
        }
    }

    @Test
    void withoutAuthenticatorsEverybodyMay() throws Exception {
        try (var door = TestDoor.open(service -> service.http().get("/", AccessTest::who))) {
            assertThat(door.get("/", "Authorization", "Bearer x").body()).isEqualTo("nobody");
        }
    }

    @Test
    void whatIsWrongIsSaidAtTheStart_allAtOnce() {
        assertThatThrownBy(() -> door(
                        AccessTest::orders,
                        "http.access=[{path: /ordres/..., by: [machine], roles: [reader]}, {path: /orders, methods: [PUT],"
                                + " roles: [raeder]}]"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(
                        "auth: GET /orders/{id} [AccessTest.java:",
                        "is for role boss, or its owner: nobody has the role 'boss' (known: clerk, reader)",
                        "http.access.0.path: '/ordres/...' is no path of a route",
                        "http.access.0: there is no authenticator 'machine' (known: machines; did you mean machines?)",
                        "http.access.1.path: '/orders' is no path of a route for PUT",
                        "http.access.1: nobody has the role 'raeder' (known: clerk, reader; did you mean reader?)");
        assertThatThrownBy(() -> TestDoor.open(AccessTest::orders, "http.access=[{path: /orders}]"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(
                        "auth: is missing: GET /orders [AccessTest.java:",
                        "is for role reader, and nobody can be known. Say how callers are known, such as auth: { machines: {"
                                + " backend: api-keys, keys: … } }.",
                        "http.access.0: is for anybody who is known, and nobody can be known. Say how");
        assertThatThrownBy(() -> TestDoor.open(
                        AccessTest::orders,
                        "http.access=[{path: orders}, {path: '/a*'}, {path: /a,"
                                + " allow: anybody, roles: [a]}, {path: /a, methods: [get]}]"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(
                        "http.access.0: path: 'orders' (expected: text, decoded, {name} for one segment, and ... at the end"
                                + " for all that is below, such as /orders/{id} or /public/...)",
                        "http.access.1: path: '/a*' (expected:",
                        "http.access.2: allow: anybody together with roles or by (expected: one of them)",
                        "http.access.3: methods: 'get' (expected: capitals, such as GET)");
        assertThatThrownBy(() -> TestDoor.open(AccessTest::orders, "auth.u.backend=jwt"))
                .hasMessageContaining(
                        "auth.u.backend: 'jwt' is not on the class path (here: api-keys, basic, mtls). Add the"
                                + " artifact dev.plinth:plinth-jwt.");
    }

    @Test
    void aRuleIsSaidOnce() {
        assertThatThrownBy(() -> new Http().access(Access.signed()).access(Access.roles("a")))
                .hasMessage(
                        "access to '' is for anybody who is known already, and not for role a. Join them by or(…) or"
                                + " and(…), or put routes into a group of their own.");
        assertThatThrownBy(() -> Access.roles("a", "a"))
                .hasMessage("role 'a' (expected: names, each once, such as role clerk)");
    }

    // ---- hostile ---------------------------------------------------------------------------------------------------

    @Test
    void twoOfOneHeaderAreRefused_andTheServiceGoesOn() throws Exception {
        try (var door = door(
                AccessTest::orders,
                "auth.machines.keys.boss.hash=" + StoredHash.ofKey("boss-key").text(),
                "auth.machines.keys.boss.roles=[boss]")) {
            var twice = "GET /orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-API-Key: " + READER;
            assertThat(door.raw(twice + "\r\n\r\n")).startsWith("HTTP/1.1 200 ");
            assertThat(door.raw(twice + "\r\nX-API-Key: " + READER + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 401 ");
            assertThat(door.raw(twice + "\r\nX-API-Key: x\r\n\r\n")).startsWith("HTTP/1.1 401 ");
            assertThat(door.raw(twice + "\r\nAuthorization: Basic a\r\nAuthorization: Basic b\r\n\r\n"))
                    .startsWith("HTTP/1.1 401 ");
            // Headers by which other systems name a caller are headers like any.
            var named = String.join(
                    "\r\n",
                    "GET /orders HTTP/1.1",
                    "Host: a",
                    "Connection: close",
                    "X-Forwarded-User: clerk",
                    "Principal: clerk",
                    "X-Principal-Roles: clerk",
                    "X-Client-Cert: clerk");
            assertThat(door.raw(named + "\r\n\r\n")).startsWith("HTTP/1.1 401 ");
            assertThat(door.get("/orders", "X-API-Key", READER).statusCode()).isEqualTo(200);
        }
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aWrongCredentialIsNotMadeGoodByAnother() throws Exception {
        try (var door = door(
                service -> service.http().get("/", AccessTest::who),
                "auth.people.backend=basic",
                "auth.people.users.ann.hash=" + StoredHash.ofPassword("pw").text())) {
            assertThat(door.get("/", "X-API-Key", READER, "Authorization", basic("ann:no"))
                            .statusCode())
                    .isEqualTo(401);
            HttpResponse<String> both = door.get("/", "X-API-Key", READER, "Authorization", basic("ann:pw"));
            assertThat(both.body()).isEqualTo("reader by machines [reader]");
            // A scheme that nobody here knows is no credential of this service.
            assertThat(door.get("/", "X-API-Key", READER, "Authorization", "Bearer x")
                            .body())
                    .isEqualTo("reader by machines [reader]");
            var refused = door.get("/");
            assertThat(refused.headers().allValues("WWW-Authenticate"))
                    .containsExactly(
                            "ApiKey realm=\"door\", header=\"X-API-Key\"", "Basic realm=\"door\", charset=\"UTF-8\"");
        }
    }
}
