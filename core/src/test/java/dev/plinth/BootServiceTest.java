package dev.plinth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.config.BootWatch;
import dev.plinth.config.ConfigException;
import dev.plinth.schema.Default;
import dev.plinth.schema.Live;
import dev.plinth.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A service whose remote tree another service serves. */
@Timeout(120)
class BootServiceTest {
    record Settings(@Default("a") Live<String> word, @Default("1") int lines) {}

    @TempDir
    Path folder;

    private Service store;
    private Service desk;

    @BeforeEach
    void serve() throws IOException {
        write("settings: { word: b }");
        store = store(0);
    }

    private Service store(int port) {
        return common(Service.of(args -> Service.run(
                        "config",
                        args,
                        service -> service.serveConfig(
                                "/config", folder.resolve("documents"), Optional.of(Secret.of("t0ken"))))))
                .set("http.port=" + port)
                .start();
    }

    private Launch common(Launch launch) {
        return launch.environment(Map.of())
                .directory(folder)
                .set("http.host=127.0.0.1")
                .set("http.port=0")
                .set("admin.port=0")
                .set("stop.drain-delay=0s");
    }

    private Launch desk(int port) {
        return common(Service.of(
                        args -> Service.run("desk", args, Settings.class, (composed, settings) -> composed.http()
                                .get("/word", _ -> settings.word().get()))))
                .set("boot.backend=rest")
                .set("boot.endpoints=[\"http://127.0.0.1:" + port + "/config\"]")
                .set("boot.key=shop/desk")
                .set("boot.token=t0ken")
                .set("boot.poll=50ms");
    }

    @AfterEach
    void stop() {
        if (desk != null) {
            desk.stop();
        }
        store.stop();
    }

    private void write(String text) throws IOException {
        var file = folder.resolve("documents/shop/desk.yaml");
        Files.createDirectories(file.getParent());
        var draft = folder.resolve("draft");
        Files.writeString(draft, text);
        Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String get(int port, String path) {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    private String word() {
        return get(desk.port(), "/word");
    }

    private String admin(String path) {
        return get(desk.adminPort(), path);
    }

    @Test
    void aChangeActsAsAReloadDoes() throws IOException {
        desk = desk(store.port()).start();
        assertThat(word()).isEqualTo("b");
        var place = "http://127.0.0.1:" + store.port() + "/config/shop/desk";
        assertThat(admin("/config?key=settings.word")).contains("\"origin\":\"" + place + ":1:19\"");
        assertThat(admin("/config/boot")).contains("\"document\":\"" + place + "\"", "\"from\":\"SOURCE\"");
        assertThat(admin("/health")).contains("\"name\":\"boot\"");

        write("settings: { word: c, lines: 2 }");
        Await.until("the new value holds", () -> word().equals("c"));
        assertThat(admin("/config?key=settings.lines")).contains("after a restart: until then 1");

        try (var log = new LogCapture(Service.class)) {
            write("settings: { word: d, lines: many }");
            Await.until("the wrong tree is told", () -> !log.lines().isEmpty());
            assertThat(log.lines())
                    .containsExactly(
                            "WARN configuration not reloaded (the remote configuration has changed), nothing has changed. "
                                    + place
                                    + " has a problem:\n  settings.lines: 'many' is not a whole number (expected: -2147483648..2147483647) ["
                                    + place + ":1:29]");
        }
        assertThat(word()).isEqualTo("c");
    }

    @Test
    void theStoreMayGoAwayAndComeBack() throws IOException {
        int port = store.port();
        desk = desk(port).start();
        try (var log = new LogCapture(BootWatch.class)) {
            store.stop();
            Await.until("that it is away is told", () -> !log.lines().isEmpty());
            assertThat(log.lines().getFirst())
                    .startsWith("WARN the remote configuration can't be watched, its values stay as they are:"
                            + " configuration at http://127.0.0.1:" + port + "/config: GET /shop/desk: ");
            Await.until("its health says so", () -> admin("/health").contains("\"status\":\"DEGRADED\""));
            assertThat(word()).isEqualTo("b");
            assertThat(admin("/health")).contains("\"ready\":true");
            write("settings: { word: c }");
            store = store(port);
            Await.until("the new value holds", () -> word().equals("c"));
            Await.until("that it is back is told", () -> log.lines()
                    .contains("INFO configuration at http://127.0.0.1:" + port + "/config answers again"));
        }
    }

    @Test
    void aServiceThatStartedOnItsCopyTakesWhatTheStoreSaysWhenItIsBack() throws IOException {
        int port = store.port();
        desk = desk(port).set("boot.required=false").start();
        assertThat(folder.resolve("boot-copy.yaml")).content().endsWith("\nsettings: { word: b }");
        desk.stop();
        store.stop();
        try (var log = new LogCapture(Service.class)) {
            desk = desk(port).set("boot.required=false").start();
            assertThat(log.lines().getFirst())
                    .startsWith("WARN configuration: boot: the remote configuration can't be read (configuration at"
                            + " http://127.0.0.1:" + port
                            + "/config: GET /shop/desk: can't connect): the last good copy"
                            + " holds, " + folder + "/boot-copy.yaml of 20");
        }
        assertThat(word()).isEqualTo("b");
        Await.until("its health says so", () -> admin("/health")
                .contains("on the last good copy: configuration at http://"));
        write("settings: { word: c }");
        store = store(port);
        Await.until("the new value holds", () -> word().equals("c"));
        assertThat(admin("/config/boot")).contains("\"from\":\"SOURCE\"");
        Await.until("the copy is new", () -> {
            try {
                return Files.readString(folder.resolve("boot-copy.yaml")).contains("word: c");
            } catch (IOException moving) {
                return false;
            }
        });
    }

    @Test
    void valuesThatWereRefusedAreNotKept() throws IOException {
        write("clients: { nobody: { url: \"http://127.0.0.1:1\" } }"); // right in itself, but no part asks for it
        var launch = desk(store.port()).set("boot.required=false");
        assertThatThrownBy(launch::start).isInstanceOf(ConfigException.class);
        assertThat(folder.resolve("boot-copy.yaml")).doesNotExist();
    }

    @Test
    void aCopyThatCannotBeKeptIsToldAndStopsNothing() {
        try (var log = new LogCapture(Service.class)) {
            desk = desk(store.port())
                    .set("boot.required=false")
                    .set("boot.copy=/proc/copy.yaml")
                    .start();
            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith(
                                    "WARN the last good copy of the remote configuration can't be kept, so a start without"
                                            + " its store would do without it: /proc/copy.yaml: ")
                            && line.endsWith(" (choose another place by boot.copy)"));
        }
        assertThat(word()).isEqualTo("b");
    }

    private String check(String setting) {
        var err = new ByteArrayOutputStream();
        int exit = desk(store.port())
                .set(setting)
                .process(
                        new String[] {"check"},
                        new PrintStream(new ByteArrayOutputStream()),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        return exit + " " + err.toString(StandardCharsets.UTF_8);
    }

    /** A supervisor tries a start that exits with 1 again, and gives up on 78. */
    @Test
    void aStoreThatIsDownExitsWith1() throws IOException {
        int port;
        try (var nobody = new ServerSocket(0)) {
            port = nobody.getLocalPort();
        }
        assertThat(check("boot.endpoints=[\"http://127.0.0.1:" + port + "\"]"))
                .isEqualTo(
                        "1 The remote configuration can't be read:\n  boot: configuration at http://127.0.0.1:" + port
                                + ": GET /shop/desk: can't connect [--set boot.backend]\nStart the store, or correct the section boot. With"
                                + " boot.required: false the service would start on the last good copy, or without.\n");
    }

    @Test
    void aTokenThatIsWrongAndADocumentThatIsNotThereAreToldWithoutTheToken() {
        assertThat(check("boot.token=wr0ng"))
                .contains("GET /shop/desk: answered 401")
                .doesNotContain("wr0ng");
        assertThat(check("boot.key=shop/nobody")).contains("/config: there is no document /shop/nobody (answered 404)");
        assertThat(check("boot.key=../service")).contains("there is no document /../service");
    }

    @Test
    void aReloadThatCannotReadItIsAnsweredBy502() throws Exception {
        desk = desk(store.port()).set("boot.watch=false").start();
        store.stop();
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + desk.adminPort() + "/config/reload"))
                    .POST(HttpRequest.BodyPublishers.noBody());
            var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body())
                    .contains("CONFIG_UNREACHABLE", "nothing has changed. The remote configuration can't be read:");
        }
    }
}
