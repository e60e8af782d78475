package dev.plinth.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.Service;
import dev.plinth.http.Response;
import dev.plinth.testkit.TestService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A service behind nginx and HAProxy, with the configurations of docs/http-behind-a-proxy.md, asked by curl. */
@Timeout(180)
class BehindAProxyTest {
    private static final String PAGE = "http-behind-a-proxy.md";
    private static final String HEADERS =
            "http.proxies.headers=[x-forwarded-for, x-forwarded-proto, x-forwarded-host, x-forwarded-prefix]";

    @TempDir
    Path folder;

    private static void main(String[] args) {
        Service.run("fronted", args, BehindAProxyTest::compose);
    }

    private static void compose(Service service) {
        service.http()
                .get("/seen", request -> request.peer().getAddress().getHostAddress() + " " + request.uri("/a"))
                .get("/user", request -> request.peerUser())
                .get("/orders/{id}", request -> request.path("id"))
                .post("/orders", _ -> Response.redirect("/orders/7"))
                .webSocket("/live", socket -> {
                    for (var text : socket.messages(String.class)) {
                        socket.send(socket.request().uri("/live") + " " + text);
                    }
                });
    }

    private String curl(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(Tool.named("TEST_CURL"), "-sS", "--max-time", "30"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.strip();
    }

    /** A certificate for localhost: server.pem, server.key, both.pem. */
    private KeyStore certificate() throws Exception {
        var store = folder.resolve("server.p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        var made = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "own",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "password")
                .redirectErrorStream(true)
                .start();
        made.getInputStream().readAllBytes();
        assertThat(made.waitFor()).isZero();
        var keys = KeyStore.getInstance(store.toFile(), "password".toCharArray());
        var certificate = pem("CERTIFICATE", keys.getCertificate("own").getEncoded());
        var key =
                pem("PRIVATE KEY", keys.getKey("own", "password".toCharArray()).getEncoded());
        Files.writeString(folder.resolve("server.pem"), certificate);
        Files.writeString(folder.resolve("server.key"), key);
        Files.writeString(folder.resolve("both.pem"), certificate + key);
        return keys;
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n"
                + java.util.Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + what + "-----\n";
    }

    /** What a WebSocket over TLS answers to one message, through a client that trusts the certificate. */
    private static String overWebSocket(KeyStore trusted, String uri) throws Exception {
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        var known = KeyStore.getInstance("PKCS12");
        known.load(null, null);
        known.setCertificateEntry("own", trusted.getCertificate("own"));
        managers.init(known);
        var context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), new SecureRandom());
        var heard = new LinkedBlockingQueue<String>();
        try (var client = HttpClient.newBuilder().sslContext(context).build()) {
            var socket = client.newWebSocketBuilder()
                    .header("Origin", uri.replace("wss", "https").replaceAll("(://[^/]*).*", "$1"))
                    .buildAsync(URI.create(uri), new WebSocket.Listener() {
                        @Override
                        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                            heard.add(data.toString());
                            from.request(1);
                            return null;
                        }

                        @Override
                        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                            heard.add("closed " + code);
                            return null;
                        }
                    })
                    .join();
            socket.sendText("hello", true).join();
            var answer = heard.poll(30, TimeUnit.SECONDS);
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
            return answer + ", " + heard.poll(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void nginxEndsTlsAndTakesThePrefixOff() throws Exception {
        var trusted = certificate();
        int port = DeskProcess.freePort();
        var unix = folder.resolve("http.sock");
        var snippet = Front.snippet(
                PAGE,
                "nginx",
                "location /shop/",
                "443",
                Integer.toString(port),
                "/run/orders/http.sock",
                unix.toString(),
                "/etc/nginx/tls/server.pem",
                folder.resolve("server.pem").toString(),
                "/etc/nginx/tls/server.key",
                folder.resolve("server.key").toString());
        try (var _ = TestService.start(
                        BehindAProxyTest::main,
                        "http.socket.path=" + unix,
                        "http.socket.only=true",
                        "http.proxies.trusted=[127.0.0.1]",
                        HEADERS);
                var _ = Front.nginx(folder, port, "http", snippet)) {
            var shop = "https://localhost:" + port + "/shop";
            var seen = "127.0.0.2 https://localhost:" + port + "/shop/a";
            for (var version : List.of("--http1.1", "--http2")) {
                assertThat(curl("-k", version, "--interface", "127.0.0.2", shop + "/seen"))
                        .isEqualTo(seen);
                assertThat(curl(
                                "-k",
                                version,
                                "--interface",
                                "127.0.0.2",
                                "-H",
                                "X-Forwarded-For: 6.6.6.6",
                                "-H",
                                "X-Forwarded-Host: evil.example",
                                "-H",
                                "X-Forwarded-Prefix: /evil",
                                "-H",
                                "X-Forwarded-Proto: http",
                                "-H",
                                "Forwarded: for=6.6.6.6",
                                shop + "/seen"))
                        .isEqualTo(seen);
                assertThat(curl("-k", version, "-L", "--data", "x", shop + "/orders"))
                        .isEqualTo("7");
                assertThat(curl(
                                "-k",
                                version,
                                "-o",
                                folder.resolve("body").toString(),
                                "-w",
                                "%{http_version} %{redirect_url}",
                                "--data",
                                "x",
                                shop + "/orders"))
                        .isEqualTo((version.equals("--http2") ? "2 " : "1.1 ") + shop + "/orders/7");
            }
            assertThat(overWebSocket(trusted, "wss://localhost:" + port + "/shop/live"))
                    .isEqualTo("https://localhost:" + port + "/shop/live hello, closed 1000");
        }
    }

    @Test
    void haproxyEndsTls() throws Exception {
        var trusted = certificate();
        int port = DeskProcess.freePort();
        try (var service = TestService.start(BehindAProxyTest::main, "http.proxies.trusted=[127.0.0.1]", HEADERS);
                var _ = Front.haproxy(
                        folder,
                        port,
                        Front.snippet(
                                PAGE,
                                "haproxy",
                                "alpn",
                                ":443",
                                "127.0.0.1:" + port,
                                "/etc/haproxy/tls/server.pem",
                                folder.resolve("both.pem").toString(),
                                "127.0.0.1:8080",
                                "127.0.0.1:" + service.service().port()))) {
            for (var version : List.of("--http1.1", "--http2")) {
                assertThat(curl("-k", version, "--interface", "127.0.0.2", "https://localhost:" + port + "/seen"))
                        .isEqualTo("127.0.0.2 https://localhost:" + port + "/a");
            }
            assertThat(overWebSocket(trusted, "wss://localhost:" + port + "/live"))
                    .isEqualTo("https://localhost:" + port + "/live hello, closed 1000");
        }
    }

    @Test
    void haproxySpeaksTheProxyProtocol() throws Exception {
        certificate();
        int port = DeskProcess.freePort();
        for (var version : List.of("send-proxy", "send-proxy-v2")) {
            try (var service = TestService.start(
                            BehindAProxyTest::main,
                            "http.proxies.trusted=[127.0.0.1]",
                            "http.proxies.protocol=required",
                            "http.tls.certificate=" + folder.resolve("server.pem"),
                            "http.tls.key=" + folder.resolve("server.key"));
                    var _ = Front.haproxy(
                            folder,
                            port,
                            Front.snippet(
                                    PAGE,
                                    "haproxy",
                                    "send-proxy-v2",
                                    ":443",
                                    "127.0.0.1:" + port,
                                    "127.0.0.1:8080",
                                    "127.0.0.1:" + service.service().port(),
                                    "send-proxy-v2",
                                    version + " check"))) {
                assertThat(curl("-k", "--http2", "--interface", "127.0.0.3", "https://localhost:" + port + "/seen"))
                        .isEqualTo("127.0.0.3 https://localhost:" + port + "/a");
                // Past the proxy: no header, no answer.
                assertThat(curl("-k", "https://localhost:" + service.service().port() + "/seen"))
                        .startsWith("curl: (");
            }
        }
    }

    @Test
    void nginxSpeaksTheProxyProtocol() throws Exception {
        int port = DeskProcess.freePort();
        try (var service = TestService.start(
                        BehindAProxyTest::main, "http.proxies.trusted=[127.0.0.1]", "http.proxies.protocol=required");
                var _ = Front.nginx(
                        folder,
                        port,
                        "stream",
                        Front.snippet(
                                PAGE,
                                "nginx",
                                "proxy_protocol on",
                                "listen 443",
                                "listen 127.0.0.1:" + port,
                                "127.0.0.1:8080",
                                "127.0.0.1:" + service.service().port()))) {
            assertThat(curl("--interface", "127.0.0.3", "http://localhost:" + port + "/seen"))
                    .isEqualTo("127.0.0.3 http://localhost:" + port + "/a");
        }
    }

    @Test
    void curlReachesAUnixSocket_alsoAfterAKill() throws Exception {
        var unix = folder.resolve("http.sock");
        int port = DeskProcess.freePort();
        var killed = DeskProcess.start(port, 0, "stop.drain-delay=0s", "http.socket.path=" + unix);
        try (killed) {
            assertThat(curl("--unix-socket", unix.toString(), "http://localhost/hello"))
                    .isEqualTo("{\"message\":\"hello\"}");
        }
        assertThat(unix).exists();
        try (var again = DeskProcess.start(port, 0, "stop.drain-delay=0s", "http.socket.path=" + unix)) {
            assertThat(curl("--unix-socket", unix.toString(), "http://localhost/hello"))
                    .isEqualTo("{\"message\":\"hello\"}");
            assertThat(again.stop(java.time.Duration.ofSeconds(30))).isZero();
        }
        assertThat(unix).doesNotExist();
    }
}
