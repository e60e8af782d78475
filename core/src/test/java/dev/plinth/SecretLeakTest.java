package dev.plinth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.config.ConfigException;
import dev.plinth.json.Json;
import dev.plinth.secret.Secret;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Whatever is done with a {@link Secret}, its text comes out by {@code reveal()} alone. */
@Timeout(60)
class SecretLeakTest {
    private static final String TEXT = "hunter2";

    record Login(String user, @NotNull @Size(min = 20) @Pattern(regexp = "x+") Secret password) {}

    record Settings(Secret password, List<Secret> several, Map<String, Secret> named, Optional<Secret> perhaps) {}

    @Test
    void notByItsTextOrThatOfWhatHoldsIt() {
        var secret = Secret.of(TEXT);
        var login = new Login("ada", secret);

        assertThat(secret.toString()).isEqualTo("***");
        assertThat("a " + secret + String.format(" %s", secret)).isEqualTo("a *** ***");
        assertThat(login.toString()).isEqualTo("Login[user=ada, password=***]");
        assertThat(List.of(secret, Optional.of(secret), Map.of("a", secret)).toString())
                .isEqualTo("[***, Optional[***], {a=***}]");
        assertThat(new IllegalStateException("no: " + login)).hasMessage("no: Login[user=ada, password=***]");
    }

    @Test
    void notByJson() {
        var secret = Secret.of(TEXT);
        var json = new String(
                Json.standard().write(new Settings(secret, List.of(secret), Map.of("a", secret), Optional.of(secret))),
                StandardCharsets.UTF_8);

        assertThat(json)
                .isEqualTo(
                        "{\"password\":\"***\",\"several\":[\"***\"],\"named\":{\"a\":\"***\"},\"perhaps\":\"***\"}");
    }

    @Test
    void notByJavaSerialization() throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            assertThatThrownBy(() -> out.writeObject(Secret.of(TEXT)))
                    .isInstanceOf(NotSerializableException.class)
                    .hasMessage("dev.plinth.secret.Secret");
        }
        assertThat(bytes.toString(StandardCharsets.ISO_8859_1)).doesNotContain(TEXT);
    }

    @Test
    void notByTheLog() {
        try (var log = new LogCapture(SecretLeakTest.class)) {
            var login = new Login("ada", Secret.of(TEXT));
            LoggerFactory.getLogger(SecretLeakTest.class).info("{} of {}", login.password(), login);
            assertThat(log.lines()).containsExactly("INFO *** of Login[user=ada, password=***]");
        }
    }

    /** What a caller sends in a secret's place doesn't come back to him, nor does any source come out at the admin's port. */
    @Test
    void notByProblemsOrTheAdminListener(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("password"), TEXT);
        Files.writeString(
                folder.resolve("service.yaml"),
                "settings: { password: file:password, several: [" + TEXT + "], named: { a: " + TEXT + " } }");
        var service = Service.of(
                        args -> Service.run("orders", args, Settings.class, (composed, settings) -> composed.http()
                                .post("/login", Login.class, login -> Map.of("got", login))
                                .get("/fail", _ -> {
                                    throw new IllegalStateException("could not use " + settings);
                                })))
                .directory(folder)
                .environment(Map.of("PLINTH_SETTINGS_PERHAPS", TEXT))
                .set("http.host=127.0.0.1")
                .set("http.port=0")
                .set("admin.port=0")
                .set("stop.drain-delay=0s")
                .start();
        try (var log = new LogCapture("dev.plinth")) {
            assertThat(ask(service.port(), "POST", "/login", "{\"user\":\"ada\",\"password\":\"" + TEXT + "\"}"))
                    .contains("/password", "VALIDATION")
                    .doesNotContain(TEXT);
            assertThat(ask(service.port(), "POST", "/login", "{\"user\":\"ada\",\"password\":[\"" + TEXT + "\"]}"))
                    .contains("/password", "WRONG_TYPE")
                    .doesNotContain(TEXT);
            assertThat(ask(service.port(), "GET", "/fail", "")).doesNotContain(TEXT);
            assertThat(ask(service.adminPort(), "GET", "/config", ""))
                    .contains("settings.password", "settings.several", "settings.named.a", "settings.perhaps", "***")
                    .doesNotContain(TEXT);
            assertThat(log.lines()).isNotEmpty().noneMatch(line -> line.contains(TEXT));
        } finally {
            service.stop();
        }
    }

    @Test
    void notByAnErrorOfTheConfiguration(@TempDir Path folder) throws Exception {
        Files.writeString(
                folder.resolve("service.yaml"), "settings: { password: [" + TEXT + "], several: " + TEXT + ", x: 1 }");
        var launch = Service.of(args -> Service.run("orders", args, Settings.class, (_, _) -> {}))
                .directory(folder)
                .environment(Map.of());

        assertThatThrownBy(launch::start).isInstanceOf(ConfigException.class).satisfies(e -> assertThat(stack(e))
                .contains("settings.password", "settings.several")
                .doesNotContain(TEXT));
    }

    private static String stack(Throwable e) {
        var text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static String ask(int port, String method, String path, String body) throws Exception {
        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .timeout(Duration.ofSeconds(20))
                    .header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }
}
