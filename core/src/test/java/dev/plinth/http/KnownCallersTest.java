package dev.plinth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.Await;
import dev.plinth.LogCapture;
import dev.plinth.Service;
import dev.plinth.auth.StoredHash;
import dev.plinth.config.ConfigException;
import dev.plinth.context.Context;
import dev.plinth.http.engine.TestCertificates;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Callers that are known by certificates and keys, over TLS, over HTTP/2, and while the configuration changes. */
@Timeout(300)
class KnownCallersTest {
    @TempDir
    private static Path certificates;

    @TempDir
    private Path folder;

    private static KeyStore server;
    private static KeyStore friend;

    @BeforeAll
    static void make() throws Exception {
        server = TestCertificates.make(certificates, "server");
        friend = TestCertificates.make(certificates, "friend");
        TestCertificates.write(server, certificates, "server");
        TestCertificates.write(friend, certificates, "friend");
    }

    private static void main(String[] args) {
        Service.run("door", args, service -> service.http()
                .get("/", _ -> Context.current().principal().toString()));
    }

    private Service start(String yaml) throws Exception {
        Files.writeString(folder.resolve("service.yaml"), yaml);
        return Service.of(KnownCallersTest::main)
                .directory(folder)
                .environment(Map.of())
                .set("http.host=127.0.0.1")
                .set("http.port=0")
                .set("admin.port=0")
                .set("stop.drain-delay=0s")
                .start();
    }

    private static String tls(String asked) {
        return "http: { tls: { certificate: \"" + certificates.resolve("server.pem") + "\", key: \""
                + certificates.resolve("server.key") + "\", trust: \"" + certificates.resolve("friend.pem")
                + "\", client-certificate: " + asked + " } }\n";
    }

    private static HttpResponse<String> get(
            Service service, SSLContext context, HttpClient.Version version, String... headers) throws Exception {
        try (var client =
                HttpClient.newBuilder().sslContext(context).version(version).build()) {
            var request = HttpRequest.newBuilder(URI.create("https://localhost:" + service.port() + "/"));
            if (headers.length > 0) {
                request.headers(headers);
            }
            var response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.version()).isEqualTo(version);
            return response;
        }
    }

    @Test
    void certificatesThatTheListenerHasJudged() throws Exception {
        try (var service = start(
                tls("optional")
                        + """
                auth:
                  mesh:
                    backend: mtls
                    subjects: { "CN=friend": { roles: [service] }, "CN=server": { name: itself } }
                """)) {
            for (var version : HttpClient.Version.values()) {
                if (version.name().equals("HTTP_3")) {
                    continue;
                }
                assertThat(get(service, TestCertificates.context(friend, server), version)
                                .body())
                        .isEqualTo("CN=friend by mesh [service]");
                var stranger = get(service, TestCertificates.trusting(server), version, "X-Client-Cert", "CN=friend");
                assertThat(stranger.statusCode()).isEqualTo(401);
                assertThat(stranger.headers().allValues("www-authenticate"))
                        .containsExactly("ClientCertificate realm=\"door\"");
            }
        }
        try (var service = start(tls("required")
                + "auth: { mesh: { backend: mtls, subjects: { \"dns:localhost\": { name:" + " local } } } }\n")) {
            assertThat(get(service, TestCertificates.context(friend, server), HttpClient.Version.HTTP_2)
                            .body())
                    .isEqualTo("local by mesh []");
        }
        try (var service = start(tls("required") + "auth: { mesh: { backend: mtls } }\n")) {
            assertThat(get(service, TestCertificates.context(friend, server), HttpClient.Version.HTTP_2)
                            .body())
                    .isEqualTo("CN=friend by mesh []");
        }
        try (var service =
                start(tls("required") + "auth: { mesh: { backend: mtls, subjects: { \"CN=other\": {} } } }\n")) {
            assertThat(get(service, TestCertificates.context(friend, server), HttpClient.Version.HTTP_2)
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void certificatesThatNobodyAsksForAreAMistake() {
        assertThatThrownBy(() -> start("auth: { mesh: { backend: mtls } }\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "auth.mesh: knows callers by their certificates, and http asks for none (expected:"
                                + " http.tls with trust, and client-certificate: optional or required) [service.yaml:1:9]");
        assertThatThrownBy(
                        () -> start(tls("optional") + "auth: { mesh: { backend: mtls, subjects: { friend: {} } } }\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "auth.mesh: subjects: 'friend' (expected: a whole subject such as CN=pricing,O=Shop, or"
                                + " uri:… or dns:… of an alternative name) [service.yaml:2:9]");
    }

    private static String keys(String first, String second) {
        return "auth: { machines: { backend: api-keys, keys: { reporter: { hash: \""
                + StoredHash.ofKey(first).text() + "\""
                + (second.isEmpty()
                        ? ""
                        : ", previous: \"" + StoredHash.ofKey(second).text() + "\"") + " } } } }\n";
    }

    @Test
    void aKeyIsRotatedWithoutARestart() throws Exception {
        var old = StoredHash.newKey();
        var fresh = StoredHash.newKey();
        try (var service = start(keys(old, ""));
                var door = TestDoor.of(service)) {
            assertThat(door.get("/", "X-API-Key", old).statusCode()).isEqualTo(200);
            assertThat(door.get("/", "X-API-Key", fresh).statusCode()).isEqualTo(401);
            Files.writeString(folder.resolve("service.yaml"), keys(fresh, old));
            service.reload();
            assertThat(door.get("/", "X-API-Key", old).statusCode()).isEqualTo(200);
            assertThat(door.get("/", "X-API-Key", fresh).body()).isEqualTo("reporter by machines []");
            Files.writeString(folder.resolve("service.yaml"), keys(fresh, ""));
            service.reload();
            assertThat(door.get("/", "X-API-Key", old).statusCode()).isEqualTo(401);
            Files.writeString(folder.resolve("service.yaml"), keys("a", "").replace("sha256:", "md5:"));
            assertThatThrownBy(service::reload).isInstanceOf(ConfigException.class);
            assertThat(door.get("/", "X-API-Key", fresh).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void keysThatCantBeAreToldWithTheirPlace_andWithoutTheirText() {
        assertThatThrownBy(() -> start("auth: { machines: { keys: { reporter: { hash: hunter2 } } } }\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("auth.machines")
                .hasMessageContaining("[service.yaml:1:")
                .hasMessageNotContaining("hunter2");
        var hash = StoredHash.ofKey("a").text();
        assertThatThrownBy(() -> start("auth: { machines: { keys: { a: { hash: \"" + hash + "\" }, b: { hash: \"" + hash
                        + "\" } } } }\n"))
                .hasMessageContaining("keys.a and keys.b have one key (expected: one for each)");
        assertThatThrownBy(() -> start(
                        "auth: { machines: { header: Authorization, keys: { a: { hash: \"" + hash + "\" } } } }\n"))
                .hasMessageContaining(
                        "header: 'Authorization' (expected: a name such as X-API-Key, and not Authorization)");
    }

    @Test
    void theLogSaysWhoAndWhy_withoutWhatWasTried() throws Exception {
        var key = StoredHash.newKey();
        try (var refusals = new LogCapture(Refusals.class);
                var requests = new LogCapture(RequestLog.class);
                var service = start(keys(key, "") + "http: { request-log: { on: true } }\n");
                var door = TestDoor.of(service)) {
            door.get("/", "X-API-Key", key);
            for (int i = 0; i < 20; i++) {
                door.get("/", "X-API-Key", "hunter-" + i);
            }
            assertThat(refusals.lines()).containsExactly("WARN credentials are refused: machines: no such key");
            Await.until("all is logged", () -> requests.values().size() == 21);
            assertThat(requests.values().getFirst()).contains("principal=\"reporter\"", "authenticator=\"machines\"");
            assertThat(requests.values().getLast()).doesNotContain("principal", "hunter");
        }
    }
}
