package dev.plinth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.context.Context;
import dev.plinth.log.LogLevel;
import dev.plinth.schema.Default;
import dev.plinth.schema.Live;
import dev.plinth.schema.RenamedFrom;
import dev.plinth.time.ManualTime;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What of a running service follows its files. */
@Timeout(60)
class ReloadServiceTest {
    record Settings(@RenamedFrom("term") @Default("a") Live<String> word) {}

    @TempDir
    Path folder;

    private final ManualTime time = new ManualTime();
    private Service service;

    @BeforeEach
    void start() throws IOException {
        write("settings: { word: b }");
        service = Service.of(args -> Service.run("desk", args, Settings.class, (composed, settings) -> composed.http()
                        .get("/word", _ -> settings.word().get())
                        .get("/patience", _ -> Context.current()
                                .deadline()
                                .orElseThrow()
                                .remaining()
                                .toSeconds())))
                .environment(Map.of())
                .directory(folder)
                .time(time)
                .set("http.host=127.0.0.1")
                .set("http.port=0")
                .set("admin.port=0")
                .set("config.watch=5s")
                .start();
    }

    @AfterEach
    void stop() throws IOException {
        write("stop: { drain-delay: 0s }");
        service.reload();
        service.stop(); // with the delay of five seconds at the start it would wait for ever: nobody moves time
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("service.yaml"), text);
    }

    private String get(String path) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + service.port() + path);
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    void aHandlerReadsTheNewValue() throws Exception {
        assertThat(get("/word")).isEqualTo("b");
        write("settings: { word: c }");
        service.reload();
        assertThat(get("/word")).isEqualTo("c");
    }

    @Test
    void aWarningIsToldOnce() throws Exception {
        write("settings: { term: c }");
        try (var log = new LogCapture(Service.class)) {
            service.reload();
            service.reload();
            assertThat(log.lines())
                    .containsExactly(
                            "INFO configuration reloaded (asked for by the service): changed settings.word",
                            "WARN configuration: settings.term: renamed to settings.word. The old name will go."
                                    + " [service.yaml:1:13]",
                            "INFO configuration reloaded (asked for by the service): nothing is different");
        }
        assertThat(get("/word")).isEqualTo("c");
    }

    @Test
    void theFilesAreLookedAtEverySoOften() throws Exception {
        write("settings: { word: seen }");
        time.advance(Duration.ofSeconds(5));
        assertThat(get("/word")).isEqualTo("b");
        try (var log = new LogCapture(Service.class)) {
            time.advance(Duration.ofSeconds(5));
            assertThat(log.lines())
                    .containsExactly("INFO configuration reloaded (a file has changed): changed settings.word");
        }
        assertThat(get("/word")).isEqualTo("seen");

        write("settings: { wodr: x }");
        try (var log = new LogCapture(Service.class)) {
            time.advance(Duration.ofSeconds(30));
            assertThat(log.lines())
                    .containsExactly("WARN configuration not reloaded (a file has changed), nothing has changed."
                            + " service.yaml has a problem:\n  settings.wodr: unknown key (did you mean settings.word?)"
                            + " [service.yaml:1:13]");
        }
        assertThat(get("/word")).isEqualTo("seen");
    }

    @Test
    void requestsGetTheNewDeadline() throws Exception {
        assertThat(get("/patience")).isEqualTo("30");
        write("http: { request-timeout: 12s }");
        service.reload();
        assertThat(get("/patience")).isEqualTo("12");
    }

    @Test
    void levelsFollow_exceptWhatIsSetForATime() throws Exception {
        var logger = LoggerFactory.getLogger("com.acme.reload");
        write("log: { level: warn, levels: { com.acme.reload: debug, com.acme.other: trace } }");
        assertThat(service.reload().changed()).contains("log.level", "log.levels");
        assertThat(logger.isDebugEnabled()).isTrue();
        assertThat(LoggerFactory.getLogger("com.acme.any").isInfoEnabled()).isFalse();
        assertThat(LoggerFactory.getLogger("com.acme.other").isTraceEnabled()).isTrue();

        service.logLevels().set("com.acme.reload", LogLevel.TRACE, Duration.ofMinutes(1));
        write("log: { levels: { com.acme.reload: error } }");
        service.reload();
        assertThat(logger.isTraceEnabled()).isTrue();
        assertThat(LoggerFactory.getLogger("com.acme.any").isInfoEnabled()).isTrue();
        assertThat(LoggerFactory.getLogger("com.acme.other").isTraceEnabled()).isFalse();
        time.advance(Duration.ofMinutes(1));
        assertThat(logger.isWarnEnabled()).isFalse();
        assertThat(logger.isErrorEnabled()).isTrue();
    }
}
