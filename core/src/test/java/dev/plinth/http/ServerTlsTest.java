package dev.plinth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.Service;
import dev.plinth.http.ServerTlsConfig.ClientCertificate;
import dev.plinth.http.engine.Engine;
import dev.plinth.http.engine.ListenerSettings;
import dev.plinth.http.engine.TestCertificates;
import dev.plinth.time.ManualTime;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ServerTlsTest {
    @TempDir
    private static Path certificates;

    @TempDir
    private Path folder;

    private static KeyStore server;
    private static KeyStore renewed;
    private static KeyStore friend;

    @BeforeAll
    static void make() throws Exception {
        server = TestCertificates.make(certificates, "server");
        renewed = TestCertificates.make(certificates, "renewed");
        friend = TestCertificates.make(certificates, "friend");
    }

    @BeforeEach
    void write() throws Exception {
        TestCertificates.write(server, folder, "server");
        TestCertificates.write(friend, folder, "friend");
    }

    private static void main(String[] args) {
        Service.run("secret-keeper", args, service -> service.http()
                .get("/", request -> Response.ok(Map.of("secure", true))));
    }

    @Test
    void serves() throws Exception {
        try (var service = Service.of(ServerTlsTest::main)
                        .directory(folder)
                        .environment(Map.of())
                        .set("http.host=127.0.0.1")
                        .set("http.port=0")
                        .set("admin.port=0")
                        .set("stop.drain-delay=0s")
                        .set("http.tls.certificate=server.pem")
                        .set("http.tls.key=server.key")
                        .set("http.tls.trust=friend.pem")
                        .set("http.tls.client-certificate=required")
                        .start();
                var client = HttpClient.newBuilder()
                        .sslContext(TestCertificates.context(friend, server))
                        .build()) {
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + service.port() + "/"))
                            .timeout(Duration.ofSeconds(20))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.body()).isEqualTo("{\"secure\":true}");
        }
    }

    @Test
    void readsFilesThatHaveChangedAndKeepsTheOldOnesWhereTheNewAreWrong() throws Exception {
        var time = new ManualTime();
        var tls = new ServerTls("http.tls", config("server.pem", "server.key"), time);
        assertThat(shown(tls)).isEqualTo("CN=server");

        TestCertificates.write(renewed, folder, "server");
        touch(1);
        assertThat(shown(tls)).isEqualTo("CN=server");
        time.advance(Duration.ofSeconds(5));
        assertThat(shown(tls)).isEqualTo("CN=renewed");

        Files.writeString(folder.resolve("server.key"), "half a key");
        touch(2);
        time.advance(Duration.ofSeconds(5));
        assertThat(shown(tls)).isEqualTo("CN=renewed");
    }

    private ServerTlsConfig config(String certificate, String key) {
        return new ServerTlsConfig(
                folder.resolve(certificate), folder.resolve(key), Optional.empty(), ClientCertificate.NONE);
    }

    private void touch(int step) throws IOException {
        for (var name : new String[] {"server.pem", "server.key"}) {
            Files.setLastModifiedTime(folder.resolve(name), FileTime.fromMillis(1_000_000_000_000L + step * 1000L));
        }
    }

    /** Whose certificate a client is shown: the only one of the two that it has to trust. */
    private static String shown(ServerTls tls) throws Exception {
        var settings = new ListenerSettings(
                "tls",
                "127.0.0.1",
                0,
                10,
                10,
                1024,
                1024,
                true,
                false,
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                tls);
        var engine = Engine.open(settings, exchange -> exchange.send(204, new byte[0]));
        try (var socket = (SSLSocket) TestCertificates.trusting(server, renewed)
                .getSocketFactory()
                .createSocket("127.0.0.1", engine.port())) {
            socket.startHandshake();
            return socket.getSession().getPeerPrincipal().getName();
        } finally {
            engine.close(Duration.ofSeconds(1));
        }
    }

    @Test
    void saysWhatIsWrongWithAFile() throws Exception {
        Files.writeString(folder.resolve("empty.pem"), "");
        assertThatThrownBy(() -> new ServerTls("http.tls", config("missing.pem", "server.key"), new ManualTime()))
                .hasMessageStartingWith(
                        "http.tls.certificate: '" + folder.resolve("missing.pem") + "' can't be read: ");
        assertThatThrownBy(() -> new ServerTls("http.tls", config("empty.pem", "server.key"), new ManualTime()))
                .hasMessage("http.tls.certificate: '" + folder.resolve("empty.pem")
                        + "' has no block of PEM that begins with -----BEGIN CERTIFICATE-----");
        assertThatThrownBy(() -> new ServerTls("http.tls", config("server.pem", "server.pem"), new ManualTime()))
                .hasMessage("http.tls.key: '" + folder.resolve("server.pem")
                        + "' has no block of PEM that begins with -----BEGIN PRIVATE KEY----- (PKCS #8, no password)");
    }

    @Test
    void asksForNoCertificatesWithoutAnAuthority() {
        assertThatThrownBy(() ->
                        new ServerTlsConfig(Path.of("a"), Path.of("b"), Optional.empty(), ClientCertificate.REQUIRED))
                .hasMessage("client certificates are asked for, and trust says not whose (expected: trust: FILE)");
    }
}
