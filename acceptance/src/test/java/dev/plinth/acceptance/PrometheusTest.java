package dev.plinth.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.testkit.TestService;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus scrapes the admin listener, and the checker that comes with it has nothing to say. */
@Timeout(90)
class PrometheusTest {
    @Test
    void scrapesUs(@TempDir Path folder) throws Exception {
        var prometheus = Tool.named("TEST_PROMETHEUS");
        try (var desk = TestService.start(Desk::main)) {
            for (int i = 0; i < 5; i++) {
                desk.get("/hello");
            }
            int port = DeskProcess.freePort();
            var configuration = folder.resolve("prometheus.yml");
            Files.writeString(
                    configuration,
                    """
                    global: { scrape_interval: 500ms, scrape_timeout: 400ms }
                    scrape_configs:
                      - job_name: desk
                        static_configs: [ { targets: [ "127.0.0.1:%d" ] } ]
                    """
                            .formatted(desk.service().adminPort()));
            var server = new ProcessBuilder(
                            prometheus,
                            "--config.file=" + configuration,
                            "--web.listen-address=127.0.0.1:" + port,
                            "--storage.tsdb.path=" + folder.resolve("data"),
                            "--enable-feature=exemplar-storage")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("prometheus.log").toFile())
                    .start();
            try {
                await(port, "up{job=\"desk\"} == 1", "\"result\":[{");
                await(
                        port,
                        "http_server_requests_seconds_count{service=\"desk\",method=\"GET\",uri=\"/hello\",status=\"200\"} == 5",
                        "\"result\":[{");
                await(port, "jvm_memory_used_bytes{service=\"desk\"} > 0", "\"result\":[{");
            } finally {
                server.destroyForcibly().onExit().join();
            }
        }
    }

    private static void await(int port, String query, String expected) throws InterruptedException {
        var uri = URI.create(
                "http://127.0.0.1:" + port + "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
        long until = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        String answer = "nothing yet";
        try (var client = HttpClient.newHttpClient()) {
            while (!answer.contains(expected)) {
                assertThat(System.nanoTime()).as(query + " gave " + answer).isLessThan(until);
                TimeUnit.MILLISECONDS.sleep(100);
                try {
                    answer = client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                            .body();
                } catch (IOException starting) {
                    answer = starting.toString();
                }
            }
        }
    }

    @Test
    void promtoolHasNothingToSay() throws Exception {
        var promtool = Tool.named("TEST_PROMTOOL");
        try (var desk = TestService.start(Desk::main)) {
            desk.get("/hello");
            desk.get("/nothing");
            desk.post("/notes", "{\"text\":\"a\"}");
            desk.service().metrics().counter("notes_sold").increment();
            var metrics = desk.admin("/metrics").body();
            var check = new ProcessBuilder(promtool, "check", "metrics")
                    .redirectErrorStream(true)
                    .start();
            try (var in = check.getOutputStream()) {
                in.write(metrics.getBytes(StandardCharsets.UTF_8));
            }
            assertThat(new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEmpty();
            assertThat(check.waitFor()).isZero();
        }
    }
}
