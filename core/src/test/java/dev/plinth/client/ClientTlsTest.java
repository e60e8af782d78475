package dev.plinth.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.Service;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS against the JDK's own server socket, which asks for a certificate; keys and certificates by keytool. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientTlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    static Path folder;

    private SSLServerSocket server;

    @BeforeAll
    void start() throws Exception {
        keys("authority", "CN=Test Authority", "-ext", "bc:c");
        signed("server", "CN=pricing.internal", "san=dns:pricing.internal");
        signed("client", "CN=desk", "san=dns:desk");
        keys("stranger", "CN=Stranger");
        var context = SSLContext.getInstance("TLS");
        var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(store("server"), PASSWORD);
        var trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("authority", store("authority").getCertificate("authority"));
        var trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(trust);
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setNeedClientAuth(true);
        var parameters = server.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        server.setSSLParameters(parameters);
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    var socket = (SSLSocket) server.accept();
                    Thread.ofVirtual().start(() -> answer(socket));
                } catch (IOException over) {
                    return;
                }
            }
        });
        pem("authority");
        pem("client");
        pem("stranger");
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
    }

    /** Answers with who is calling, request after request. */
    private static void answer(SSLSocket socket) {
        try (socket) {
            while (true) {
                if (!readHead(socket.getInputStream())) {
                    return;
                }
                var who = "\"" + socket.getSession().getPeerPrincipal().getName() + "\"";
                socket.getOutputStream()
                        .write(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + who.length()
                                        + "\r\n\r\n" + who)
                                .getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException refused) {
            // A client without a certificate, most likely, which is what a test is about.
        }
    }

    private static boolean readHead(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int octet = in.read();
            if (octet < 0) {
                return false;
            }
            head.write(octet);
        }
        return true;
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .directory(folder.toFile())
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }

    private void keys(String name, String subject, String... more) throws IOException, InterruptedException {
        var arguments = new ArrayList<>(List.of(
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                subject,
                "-validity",
                "2",
                "-storetype",
                "PKCS12"));
        arguments.addAll(List.of("-keystore", name + ".p12", "-storepass", "changeit"));
        arguments.addAll(List.of(more));
        keytool(arguments.toArray(String[]::new));
    }

    private void signed(String name, String subject, String alternative) throws IOException, InterruptedException {
        keys(name, subject);
        keytool(
                "-certreq",
                "-alias",
                name,
                "-keystore",
                name + ".p12",
                "-storepass",
                "changeit",
                "-file",
                name + ".csr");
        keytool(
                "-gencert",
                "-alias",
                "authority",
                "-keystore",
                "authority.p12",
                "-storepass",
                "changeit",
                "-infile",
                name + ".csr",
                "-outfile",
                name + ".crt",
                "-rfc",
                "-validity",
                "2",
                "-ext",
                alternative);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "authority",
                "-keystore",
                "authority.p12",
                "-storepass",
                "changeit",
                "-file",
                "authority.crt");
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                "authority",
                "-keystore",
                name + ".p12",
                "-storepass",
                "changeit",
                "-file",
                "authority.crt");
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                name,
                "-keystore",
                name + ".p12",
                "-storepass",
                "changeit",
                "-file",
                name + ".crt");
    }

    private KeyStore store(String name) throws Exception {
        return KeyStore.getInstance(folder.resolve(name + ".p12").toFile(), PASSWORD);
    }

    private void pem(String name) throws Exception {
        var store = store(name);
        Key key = store.getKey(name, PASSWORD);
        Files.writeString(folder.resolve(name + ".key.pem"), block("PRIVATE KEY", key.getEncoded()));
        var chain = new StringBuilder("a comment, as openssl writes them\n");
        for (Certificate certificate : store.getCertificateChain(name)) {
            chain.append(block("CERTIFICATE", certificate.getEncoded()));
        }
        Files.writeString(folder.resolve(name + ".pem"), chain);
    }

    private static String block(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                + label + "-----\n";
    }

    private Service desk(AtomicReference<Client> client, String... settings) {
        var launch = Service.of(args -> Service.run("desk", args, composed -> client.set(composed.client("pricing"))))
                .environment(Map.of())
                .set("http.port=0")
                .set("admin.port=0")
                .set("stop.drain-delay=0s")
                .set("clients.pricing.timeout=30s")
                .set("clients.pricing.connect-timeout=20s")
                .set("clients.pricing.retry.attempts=1")
                .set("clients.pricing.url=https://127.0.0.1:" + server.getLocalPort());
        for (var setting : settings) {
            launch.set("clients.pricing." + setting.replace("DIR", folder.toString()));
        }
        return launch.start();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bothSidesShowWhoTheyAre(boolean http2) {
        var client = new AtomicReference<Client>();
        try (var desk = desk(
                client,
                "http2=" + http2,
                "tls.trust=DIR/authority.pem",
                "tls.certificate=DIR/client.pem",
                "tls.key=DIR/client.key.pem",
                "tls.name=pricing.internal")) {
            assertThat(desk.name()).isEqualTo("desk");
            for (int i = 0; i < 3; i++) {
                assertThat(client.get().get("/").as(String.class)).isEqualTo("CN=desk");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void certificateForAnotherNameIsRefused(boolean http2) {
        var client = new AtomicReference<Client>();
        try (var desk = desk(
                client,
                "http2=" + http2,
                "tls.trust=DIR/authority.pem",
                "tls.certificate=DIR/client.pem",
                "tls.key=DIR/client.key.pem",
                "tls.name=billing.internal")) {
            assertThat(desk.name()).isEqualTo("desk");
            assertThatThrownBy(() -> client.get().get("/").send())
                    .hasMessageStartingWith("UPSTREAM_UNREACHABLE: client 'pricing' GET /, attempt 1: can't connect: ");
        }
    }

    @Test
    void strangersAreNotTrusted() {
        var client = new AtomicReference<Client>();
        try (var desk = desk(client, "tls.trust=DIR/stranger.pem", "tls.name=pricing.internal")) {
            assertThat(desk.name()).isEqualTo("desk");
            assertThatThrownBy(() -> client.get().get("/").send())
                    .hasMessageStartingWith("UPSTREAM_UNREACHABLE: client 'pricing' GET /, attempt 1: can't connect: ");
        }
    }

    @Test
    void badFilesStopTheStart() {
        var client = new AtomicReference<Client>();
        assertThatThrownBy(() -> desk(client, "tls.trust=DIR/missing.pem"))
                .hasMessageContaining("clients.pricing.tls.trust: '" + folder + "/missing.pem' can't be read");
        assertThatThrownBy(() -> desk(client, "tls.trust=DIR/client.key.pem"))
                .hasMessageContaining("has no block of PEM that begins with -----BEGIN CERTIFICATE-----");
        assertThatThrownBy(() -> desk(client, "tls.certificate=DIR/client.pem"))
                .hasMessageContaining("certificate and key: one without the other");
    }
}
