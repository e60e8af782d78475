package dev.plinth.http.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS, with the JDK's clients. */
@Timeout(60)
class TlsTest {
    private static SSLContext server;
    private static SSLContext friend;
    private static SSLContext stranger;

    @BeforeAll
    static void certificates(@TempDir Path folder) throws Exception {
        var servers = TestCertificates.make(folder, "server");
        var friends = TestCertificates.make(folder, "friend");
        var strangers = TestCertificates.make(folder, "stranger");
        server = TestCertificates.context(servers, friends);
        friend = TestCertificates.context(friends, servers);
        stranger = TestCertificates.context(strangers, servers);
    }

    private static ListenerSettings settings(boolean mutual, Duration read) {
        return new ListenerSettings(
                "tls", "127.0.0.1", 0, 100, 100, 16 * 1024, 1 << 20, true, false, read, TestEngine.BOUND, () -> {
                    var engine = server.createSSLEngine();
                    engine.setUseClientMode(false);
                    engine.setNeedClientAuth(mutual);
                    return engine;
                });
    }

    private static TestEngine open(boolean mutual) throws IOException {
        return TestEngine.open(settings(mutual, TestEngine.BOUND), TlsTest::tell);
    }

    /** Says who called, and echoes. */
    private static void tell(Exchange exchange) throws IOException {
        var who = exchange.certificates().isEmpty()
                ? "nobody"
                : exchange.certificates().getFirst().getSubjectX500Principal().getName();
        exchange.responseHeader("X-Client", who);
        exchange.responseHeader("X-Secure", String.valueOf(exchange.secure()));
        exchange.send(200, exchange.body().readAllBytes());
    }

    private static HttpClient client(SSLContext context, HttpClient.Version version) {
        return HttpClient.newBuilder().sslContext(context).version(version).build();
    }

    private static HttpRequest.Builder to(TestEngine test) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + test.engine.port() + "/"))
                .timeout(TestEngine.BOUND);
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpClient.Version.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void agreesOnTheProtocolAndEchoes(HttpClient.Version version) throws Exception {
        var body = new byte[900_000];
        new Random(3).nextBytes(body);
        try (var test = open(false);
                var client = client(friend, version)) {
            var answers = new ArrayList<CompletableFuture<HttpResponse<byte[]>>>();
            for (int i = 0; i < 10; i++) {
                answers.add(client.sendAsync(
                        to(test).POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray()));
            }
            for (var each : answers) {
                var answer = each.get(30, TimeUnit.SECONDS);
                assertThat(answer.version()).isEqualTo(version);
                assertThat(answer.headers().firstValue("x-secure")).contains("true");
                assertThat(answer.headers().firstValue("x-client")).contains("nobody");
                assertThat(answer.body()).isEqualTo(body);
            }
        }
    }

    @Test
    void knowsTheClientByItsCertificate() throws Exception {
        try (var test = open(true);
                var client = client(friend, HttpClient.Version.HTTP_2)) {
            var answer = client.send(to(test).build(), HttpResponse.BodyHandlers.discarding());
            assertThat(answer.headers().firstValue("x-client")).contains("CN=friend");
        }
    }

    @Test
    void refusesAClientThatItDoesNotKnow() throws Exception {
        try (var test = open(true);
                var unknown = client(stranger, HttpClient.Version.HTTP_1_1);
                var known = client(friend, HttpClient.Version.HTTP_1_1)) {
            assertThatThrownBy(() -> unknown.send(to(test).build(), HttpResponse.BodyHandlers.discarding()))
                    .isInstanceOf(IOException.class);
            assertThat(known.send(to(test).build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void endsWithAFarewellSoThatACutIsSeen(String protocol) throws Exception {
        try (var test = open(false);
                var socket = (SSLSocket)
                        friend.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), test.engine.port())) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            // A connection that is cut without a farewell ends in an exception here.
            var all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(all).startsWith("HTTP/1.1 200 OK");
            assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
        }
    }

    @Test
    void doesNotShakeHandsASecondTime() throws Exception {
        try (var test = open(false);
                var socket = (SSLSocket)
                        friend.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), test.engine.port())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setSoTimeout(10_000);
            socket.startHandshake();
            socket.startHandshake();
            assertThatThrownBy(() -> {
                        socket.getOutputStream().write('G');
                        if (socket.getInputStream().read() < 0) {
                            throw new IOException("ended");
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void endsAConnectionThatDoesNotShakeHands() throws Exception {
        try (var test = TestEngine.open(settings(false, Duration.ofMillis(200)), TlsTest::tell);
                var silent = new Socket(InetAddress.getLoopbackAddress(), test.engine.port())) {
            silent.setSoTimeout(10_000);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void endsAConnectionThatSpeaksInClearText() throws Exception {
        try (var test = open(false);
                var plain = test.client()) {
            plain.get("/");
            // An alert of TLS perhaps, and then the end.
            assertThatThrownBy(plain::answer).isInstanceOf(IOException.class);
        }
    }

    @Test
    void refusesOldProtocols() throws Exception {
        try (var test = open(false);
                var socket = (SSLSocket)
                        friend.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), test.engine.port())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.1"});
            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
        }
    }
}
