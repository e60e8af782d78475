package dev.plinth.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.Service;
import dev.plinth.context.Context;
import dev.plinth.http.Access;
import dev.plinth.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Tokens of the Keycloak at {@code TEST_KEYCLOAK}, whose realm is {@code scripts/servers/keycloak/shop-realm.json}. */
@EnabledIfEnvironmentVariable(
        named = "TEST_KEYCLOAK",
        matches = "http.+",
        disabledReason = "TEST_KEYCLOAK names no server")
@Timeout(300)
class KeycloakTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String AS_ANN =
            "grant_type=password&client_id=shop-ui&client_secret=shop-ui-secret&username=ann&password=ann-pw";
    private static final String AS_BOB =
            "grant_type=password&client_id=shop-ui&client_secret=shop-ui-secret&username=bob&password=bob-pw";
    private static final String AS_PROGRAM =
            "grant_type=client_credentials&client_id=shop-ui&client_secret=shop-ui-secret";
    private static final String AS_KEEPER =
            "grant_type=client_credentials&client_id=keeper&client_secret=keeper-secret";
    private static final String FOR_OTHERS =
            "grant_type=client_credentials&client_id=elsewhere&client_secret=elsewhere-secret";

    @AfterAll
    static void close() {
        CLIENT.close();
    }

    private static String keycloak(String path) {
        return System.getenv("TEST_KEYCLOAK") + path;
    }

    private static Service start(String... settings) {
        var launch = Service.of(args -> Service.run("orders", args, service -> service.http()
                        .get("/me", _ -> Context.current().principal().name())
                        .access(Access.roles("clerk"), clerk -> clerk.get("/desk", _ -> "desk"))
                        .access(Access.roles("reader"), reader -> reader.get("/orders", _ -> "orders"))
                        .access(
                                Access.owner(request -> request.path("owner")),
                                owner -> owner.get("/of/{owner}", _ -> "own"))))
                .environment(Map.of())
                .set("http.host=127.0.0.1")
                .set("http.port=0")
                .set("admin.port=0")
                .set("stop.drain-delay=0s")
                .set("auth.users.backend=jwt")
                .set("auth.users.issuer=" + keycloak("/realms/shop"))
                .set("auth.users.audience=[orders]")
                .set("auth.users.timeout=60s")
                .set("auth.users.retry=10ms")
                .set("http.request-timeout=60s")
                .set("auth.users.roles=[realm_access.roles, resource_access.orders.roles]");
        for (var setting : settings) {
            launch.set(setting);
        }
        return launch.start();
    }

    private static String token(String form) throws IOException, InterruptedException {
        var answer = send(HttpRequest.newBuilder(URI.create(keycloak("/realms/shop/protocol/openid-connect/token")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return (String) json(answer.body()).get("access_token");
    }

    @SuppressWarnings("unchecked") // a JSON object is a map
    private static Map<String, Object> json(String text) {
        return Json.standard().read(text.getBytes(StandardCharsets.UTF_8), Map.class);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.timeout(Duration.ofMinutes(2)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(Service service, String path, String token)
            throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
                .header("Authorization", "Bearer " + token));
    }

    private static int status(Service service, String path, String token) throws IOException, InterruptedException {
        return get(service, path, token).statusCode();
    }

    @Test
    void peopleAndProgramsWithTheirRoles() throws Exception {
        try (var service = start()) {
            var ann = token(AS_ANN);
            var bob = token(AS_BOB);
            var program = token(AS_PROGRAM);
            assertThat(status(service, "/desk", ann)).isEqualTo(200);
            assertThat(status(service, "/orders", ann)).isEqualTo(200);
            assertThat(status(service, "/desk", bob)).isEqualTo(403);
            assertThat(get(service, "/orders", bob).headers().firstValue("WWW-Authenticate"))
                    .hasValue("Bearer realm=\"orders\", error=\"insufficient_scope\"");
            var bobId = get(service, "/me", bob).body();
            assertThat(bobId).matches("[0-9a-f-]{36}");
            assertThat(status(service, "/of/" + bobId, bob)).isEqualTo(200);
            assertThat(status(service, "/of/" + bobId, ann)).isEqualTo(403);
            assertThat(status(service, "/me", program)).isEqualTo(200);
            assertThat(status(service, "/desk", program)).isEqualTo(403);

            var refused = get(service, "/me", token(FOR_OTHERS));
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate"))
                    .hasValue("Bearer realm=\"orders\", error=\"invalid_token\"");
            assertThat(refused.body()).contains("UNAUTHENTICATED").doesNotContain("elsewhere", "audience");
            assertThat(status(service, "/me", ann.substring(0, ann.length() - 8)))
                    .isEqualTo(401);
        }
    }

    @Test
    void claimsThatAreRequired() throws Exception {
        try (var service =
                start("auth.users.require={azp: shop-ui, typ: Bearer}", "auth.users.name-claim=preferred_username")) {
            assertThat(get(service, "/me", token(AS_ANN)).body()).isEqualTo("ann");
            assertThat(status(service, "/of/ann", token(AS_ANN))).isEqualTo(200);
            assertThat(get(service, "/me", token(AS_PROGRAM)).body()).isEqualTo("service-account-shop-ui");
        }
        try (var service = start("auth.users.require={azp: elsewhere}")) {
            assertThat(status(service, "/me", token(AS_ANN))).isEqualTo(401);
        }
        try (var service = start("auth.users.algorithms=[PS256, ES256]")) {
            assertThat(status(service, "/me", token(AS_ANN))).isEqualTo(401);
        }
    }

    @Test
    void keysAreRotated() throws Exception {
        try (var service = start()) {
            var before = token(AS_ANN);
            assertThat(status(service, "/me", before)).isEqualTo(200);
            var key = addKey();
            try {
                var after = token(AS_ANN);
                assertThat(kid(after)).isNotEqualTo(kid(before));
                // The least time between two fetches may not be over yet.
                long begin = System.nanoTime();
                while (status(service, "/me", after) != 200 && System.nanoTime() - begin < 60_000_000_000L) {
                    LockSupport.parkNanos(20_000_000);
                }
                assertThat(status(service, "/me", after)).isEqualTo(200);
                assertThat(status(service, "/me", before)).isEqualTo(200);
            } finally {
                send(HttpRequest.newBuilder(URI.create(key))
                        .header("Authorization", "Bearer " + token(AS_KEEPER))
                        .DELETE());
            }
        }
    }

    private static Object kid(String token) {
        var header = Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.')));
        return json(new String(header, StandardCharsets.UTF_8)).get("kid");
    }

    /** A key that signs from now on; returns where it is, to be taken away again. */
    private static String addKey() throws IOException, InterruptedException {
        var added = send(
                HttpRequest.newBuilder(URI.create(keycloak("/admin/realms/shop/components")))
                        .header("Authorization", "Bearer " + token(AS_KEEPER))
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        """
                        {"name": "newer", "providerId": "rsa-generated", "providerType": "org.keycloak.keys.KeyProvider",
                         "config": {"priority": ["200"], "algorithm": ["RS256"], "keySize": ["2048"]}}
                        """)));
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        return added.headers().firstValue("Location").orElseThrow();
    }
}
