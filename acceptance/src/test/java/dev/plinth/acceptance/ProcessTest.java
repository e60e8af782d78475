package dev.plinth.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of a service: its lines, its signals, its exit codes. */
@Timeout(120)
class ProcessTest {
    private static final List<String> FIELDS = List.of(
            "timestamp",
            "severity",
            "service",
            "logger",
            "message",
            "trace",
            "span",
            "parent",
            "job_id",
            "job_name",
            "thread");

    private static int post(int port, String path, String json) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(json))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    @SuppressWarnings("unchecked") // a JSON object is a map
    private static List<Map<String, Object>> parsed(List<String> lines) {
        var parsed = new ArrayList<Map<String, Object>>();
        for (var line : lines) {
            parsed.add(Json.standard().read(line.getBytes(StandardCharsets.UTF_8), Map.class));
        }
        return parsed;
    }

    @Test
    void everyLineOfAMixedRunIsJsonWithItsFieldsInOrder() throws Exception {
        try (var desk = DeskProcess.start(
                DeskProcess.freePort(),
                DeskProcess.freePort(),
                "log.format=json",
                "stop.drain-delay=0s",
                "log.levels={dev.plinth.http: DEBUG}")) {
            desk.get(desk.port, "/hello");
            desk.get(desk.port, "/fail");
            desk.get(desk.port, "/nothing");
            desk.get(desk.port, "/job/7");
            post(desk.port, "/notes", "{\"text\":\"\\u0001\\u001b[2J \\ud83d\\ude00 \\\"x\\\"\"}");
            post(desk.port, "/notes", "{\"text\":");
            assertThat(desk.stop(Duration.ofSeconds(30))).isZero();

            var lines = parsed(desk.lines());
            assertThat(lines).hasSizeGreaterThan(12);
            for (var line : lines) {
                assertThat(List.copyOf(line.keySet()).subList(0, FIELDS.size())).isEqualTo(FIELDS);
                assertThat((String) line.get("timestamp"))
                        .matches("20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
                assertThat(line).containsEntry("service", "desk");
            }
            var failed = only(lines, "GET /fail failed");
            assertThat(failed).containsEntry("severity", "ERROR").containsKeys("file", "line", "function");
            assertThat((String) failed.get("trace")).matches("[0-9a-f]{32}");
            assertThat((String) failed.get("span")).matches("[0-9a-f]{16}");
            assertThat((List<?>) failed.get("exception")).hasSizeGreaterThan(3);
            assertThat(only(lines, "inside the job"))
                    .containsEntry("job_id", "7")
                    .containsEntry("job_name", "count");
            assertThat(only(lines, "outside the job"))
                    .containsEntry("job_id", "unknown")
                    .containsEntry("job_name", "unknown");
            assertThat(only(lines, "a note: \u0001\u001b[2J \ud83d\ude00 \"x\""))
                    .containsEntry("length", 12);
            assertThat(stops(lines))
                    .containsExactly(
                            "1/7 readiness off",
                            "2/7 drain delay",
                            "3/7 stop accepting",
                            "4/7 finish in flight",
                            "5/7 close http",
                            "6/7 flush telemetry",
                            "7/7 close admin");
        }
    }

    private static Map<String, Object> only(List<Map<String, Object>> lines, String message) {
        var found = lines.stream()
                .filter(line -> message.equals(line.get("message")))
                .toList();
        assertThat(found).as(message).hasSize(1);
        return found.getFirst();
    }

    private static List<String> stops(List<Map<String, Object>> lines) {
        return lines.stream()
                .map(line -> (String) line.get("message"))
                .filter(message -> message.startsWith("stop "))
                .map(message -> message.substring(5, message.indexOf(':')))
                .toList();
    }

    @Test
    void secondSignalStopsAtOnce() throws Exception {
        try (var desk = DeskProcess.start(DeskProcess.freePort(), 0, "stop.drain-delay=10m")) {
            desk.process.destroy();
            while (desk.get(desk.port, "/health/ready") != 503) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            assertThat(desk.stop(Duration.ofSeconds(20))).isEqualTo(143);
        }
    }

    @Test
    void wrongConfigurationTellsEveryMistake_andExitsWith78() throws Exception {
        try (var desk = DeskProcess.launch(
                0, 0, "http.prot=1", "stop.drain-delay=soon", "trace.endpoint=${NO_SUCH_VARIABLE}")) {
            assertThat(desk.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(desk.process.exitValue()).isEqualTo(78);
            assertThat(String.join("\n", desk.lines()))
                    .contains("http.prot")
                    .contains("did you mean")
                    .contains("stop.drain-delay")
                    .contains("NO_SUCH_VARIABLE");
        }
    }

    @Test
    void threeMistakesInOneFileAreAllTold_andExitWith78(@TempDir Path folder) throws Exception {
        var file = Files.writeString(
                folder.resolve("service.yaml"),
                """
                http:
                  prot: 8080
                  read-timeout: 30
                settings: { calls: yes }
                """);
        try (var desk = DeskProcess.launch(0, 0, "--config=" + file)) {
            assertThat(desk.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(desk.process.exitValue()).isEqualTo(78);
            assertThat(String.join("\n", desk.lines()).replace(folder + "/", ""))
                    .isEqualTo("service.yaml has 3 problems:\n"
                            + "  http.prot: unknown key (did you mean http.port?) [service.yaml:2:3]\n"
                            + "  http.read-timeout: '30' has no unit (expected: d, h, m, s, ms, us or ns, such as 30s or"
                            + " 1h30m) [service.yaml:3:17]\n"
                            + "  settings.calls: 'yes' is not a boolean (expected: true or false) [service.yaml:4:20]");
        }
    }

    @Test
    void hangUpReloads_andAWrongFileChangesNothing(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("service.yaml"), "http: { request-timeout: 9s }\n");
        try (var desk = DeskProcess.start(
                DeskProcess.freePort(),
                DeskProcess.freePort(),
                "--config=" + file,
                "stop.drain-delay=0s",
                "log.format=text")) {
            Files.writeString(file, "http: { request-timeout: 8s, max-in-flight: 9 }\n");
            hangUp(desk);
            await(
                    desk,
                    "configuration reloaded (SIGHUP): changed http.request-timeout; needs a restart:"
                            + " http.max-in-flight");
            Files.writeString(file, "http: { request-timeout: 8 }\n");
            hangUp(desk);
            await(desk, "configuration not reloaded (SIGHUP), nothing has changed. ");
            await(desk, "http.request-timeout: '8' has no unit");
            assertThat(desk.get(desk.port, "/health/ready")).isEqualTo(200);
            assertThat(desk.stop(Duration.ofSeconds(30))).isZero();
        }
    }

    private static void hangUp(DeskProcess desk) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-HUP", Long.toString(desk.process.pid())).inheritIO();
        assertThat(kill.start().waitFor()).isZero();
    }

    private static void await(DeskProcess desk, String line) throws IOException, InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!String.join("\n", desk.lines()).contains(line)) {
            assertThat(desk.process.isAlive() && System.nanoTime() < until)
                    .as("'%s' in %s", line, desk.lines())
                    .isTrue();
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    @Test
    void busyPortSaysWhichSettingToChange_andExitsWith1() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var desk = DeskProcess.launch(taken.getLocalPort(), 0)) {
            assertThat(desk.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(desk.process.exitValue()).isEqualTo(1);
            assertThat(String.join("\n", desk.lines())).contains("Choose another with http.port");
        }
    }
}
