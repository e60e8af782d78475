package dev.plinth.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.Launch;
import dev.plinth.LogCapture;
import dev.plinth.Service;
import dev.plinth.config.ConfigException;
import dev.plinth.health.Check;
import dev.plinth.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdminTest {
    private static final String LOCAL = "Host: localhost\r\n";

    private Service service;

    @BeforeAll
    void start() {
        service = launch().start();
    }

    @AfterAll
    void stop() {
        service.stop();
    }

    private static Launch launch() {
        return Service.of(args -> Service.run("desk", args, composed -> {
                    composed.info("team", "blue");
                    composed.health().readiness("cache", () -> Check.Result.degraded("cold"));
                }))
                .environment(Map.of())
                .set("http.host=127.0.0.1")
                .set("http.port=0")
                .set("admin.port=0")
                .set("stop.drain-delay=0s");
    }

    private static String send(int port, String method, String path, String headers, String body) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            var type =
                    body.isEmpty() ? "" : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n";
            socket.getOutputStream()
                    .write((method + " " + path + " HTTP/1.1\r\nConnection: close\r\n" + headers + type + "\r\n" + body)
                            .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aReloadTellsWhatChangedAndWhatNeedsARestart_andAWrongFileChangesNothing(@TempDir Path folder)
            throws IOException {
        var file = folder.resolve("service.yaml");
        Files.writeString(file, "http: { request-timeout: 9s }");
        var desk = launch().directory(folder).start();
        try (var log = new LogCapture(Service.class)) {
            assertThat(json(send(desk.adminPort(), "POST", "/config/reload", LOCAL, "")))
                    .isEqualTo(Map.of("changed", List.of(), "refused", List.of(), "needs_restart", List.of()));

            Files.writeString(file, "http: { request-timeout: 8s, max-in-flight: 7 }");
            assertThat(json(send(desk.adminPort(), "POST", "/config/reload", LOCAL, "")))
                    .isEqualTo(Map.of(
                            "changed", List.of("http.request-timeout"),
                            "refused", List.of(),
                            "needs_restart", List.of("http.max-in-flight")));

            Files.writeString(file, "http:\n  request-timeout: 7\n  prot: 1\n");
            var refused = send(desk.adminPort(), "POST", "/config/reload", LOCAL, "");
            assertThat(refused).startsWith("HTTP/1.1 422 ").contains("Content-Type: application/problem+json");
            var told =
                    "service.yaml has 2 problems:\n  http.request-timeout: '7' has no unit (expected: d, h, m, s, ms,"
                            + " us or ns, such as 30s or 1h30m) [service.yaml:2:20]\n  http.prot: unknown key (did you mean"
                            + " http.port?) [service.yaml:3:3]";
            assertThat(json(refused))
                    .containsEntry("code", "CONFIG_INVALID")
                    .containsEntry("detail", "nothing has changed. " + told)
                    .extracting("violations")
                    .asInstanceOf(InstanceOfAssertFactories.list(Map.class))
                    .extracting(violation -> violation.get("pointer"))
                    .containsExactly("/http/request-timeout", "/http/prot");
            assertThat(send(desk.adminPort(), "GET", "/config?key=http.request-timeout", LOCAL, ""))
                    .contains("\"value\":\"8s\"");
            assertThat(send(desk.adminPort(), "GET", "/config?key=http.max-in-flight", LOCAL, ""))
                    .contains("after a restart: until then 4096");
            assertThat(log.lines())
                    .contains(
                            "INFO configuration reloaded (POST /config/reload): changed http.request-timeout; needs a"
                                    + " restart: http.max-in-flight",
                            "WARN configuration not reloaded (POST /config/reload), nothing has changed. " + told);
        } finally {
            desk.stop();
        }
    }

    @Test
    void onlyWhoMayUseTheListenerReloads() throws IOException {
        var desk = launch().set("admin.token=hunter2").start();
        try {
            assertThat(send(desk.adminPort(), "POST", "/config/reload", LOCAL, ""))
                    .startsWith("HTTP/1.1 401 ");
            assertThat(send(
                            desk.adminPort(),
                            "POST",
                            "/config/reload",
                            LOCAL + "Authorization: Bearer hunter2\r\nOrigin: http://evil.example\r\n",
                            ""))
                    .startsWith("HTTP/1.1 403 ");
            assertThat(send(
                            desk.adminPort(),
                            "POST",
                            "/config/reload",
                            LOCAL + "Authorization: Bearer hunter2\r\n",
                            ""))
                    .startsWith("HTTP/1.1 200 ");
        } finally {
            desk.stop();
        }
    }

    private String get(String path) throws IOException {
        return send(service.adminPort(), "GET", path, LOCAL, "");
    }

    @SuppressWarnings("unchecked") // a JSON object is a map
    private static Map<String, Object> json(String answer) {
        var body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        return Json.standard().read(body.getBytes(StandardCharsets.UTF_8), Map.class);
    }

    @Test
    void probesTellTheirStatusAndNoMore_onBothListeners() throws IOException {
        for (var path : new String[] {"/healthcheck", "/health/live", "/health/ready", "/health/started"}) {
            for (int port : new int[] {service.port(), service.adminPort()}) {
                assertThat(send(port, "GET", path, LOCAL, ""))
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .endsWith("\r\n\r\nOK");
            }
        }
        assertThat(send(service.port(), "GET", "/health", LOCAL, "")).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void healthTellsTheOperatorWhy() throws IOException {
        assertThat(get("/health"))
                .startsWith("HTTP/1.1 200 ")
                .contains("\"name\":\"cache\"")
                .contains("\"status\":\"DEGRADED\"")
                .contains("\"detail\":\"cold\"")
                .contains("\"durationMillis\":");
    }

    @Test
    void infoStatusAndHeartbeat() throws IOException {
        var info = json(get("/info"));
        assertThat(info)
                .containsKeys("name", "version", "build_time", "start_time", "uptime", "host")
                .containsEntry("properties", Map.of("team", "blue"));
        assertThat(json(get("/status")))
                .containsOnlyKeys(
                        "id",
                        "name",
                        "description",
                        "start_time",
                        "current_time",
                        "uptime",
                        "properties",
                        "components");
        assertThat(get("/heartbeat")).containsPattern("\"20[0-9-]+T[0-9:.]+Z\"");
    }

    @Test
    void levelsAreReadSetAndTakenBack() throws IOException {
        var logger = LoggerFactory.getLogger("some.logger");
        int port = service.adminPort();
        assertThat(json(get("/loggers/some.logger"))).containsEntry("effective", "INFO");
        var set = send(port, "PUT", "/loggers/some.logger", LOCAL, "{\"level\":\"DEBUG\",\"period\":\"PT10M\"}");
        assertThat(json(set)).containsEntry("own", "DEBUG").containsKey("until");
        assertThat(logger.isDebugEnabled()).isTrue();
        send(port, "DELETE", "/loggers/some.logger", LOCAL, "");
        assertThat(logger.isDebugEnabled()).isFalse();
        assertThat(send(port, "PUT", "/loggers/some.logger", LOCAL, "{\"level\":\"LOUD\"}"))
                .startsWith("HTTP/1.1 400 ")
                .contains("\"pointer\":\"/level\"");
        assertThat(get("/loggers")).contains("\"name\":\"ROOT\"");
    }

    @Test
    void configTellsWhereAValueComesFrom() throws IOException {
        assertThat(get("/config?key=http.port")).contains("--set").contains("\"default\"");
        assertThat(get("/config?key=http.prot"))
                .startsWith("HTTP/1.1 404 ")
                .contains("did you mean")
                .contains("http.port");
        assertThat(get("/config")).contains("\"key\":\"stop.drain-delay\"");
    }

    @Test
    void metricsAreOnAdmin_andOnThePublicListenerByOneSwitch() throws IOException {
        assertThat(get("/metrics"))
                .startsWith("HTTP/1.1 200 ")
                .contains("jvm_memory_used_bytes")
                .contains("logger_messages_total{level=\"ERROR\",service=\"desk\"}")
                .contains("logger_messages_dropped_total{service=\"desk\"}")
                .contains("trace_spans_dropped_total{service=\"desk\"}");
        assertThat(send(service.port(), "GET", "/metrics", LOCAL, "")).startsWith("HTTP/1.1 404 ");
        try (var open = launch().set("metrics.on-public-listener=true").start()) {
            assertThat(send(open.port(), "GET", "/metrics", LOCAL, "")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void foreignHostsAndOriginsAreRefused() throws IOException {
        int port = service.adminPort();
        var here = "Host: localhost:" + port + "\r\n";
        assertThat(send(port, "GET", "/info", "Host: evil.example\r\n", ""))
                .startsWith("HTTP/1.1 403 ")
                .contains("FOREIGN_HOST");
        assertThat(send(port, "GET", "/info", here + "Origin: https://evil.example\r\n", ""))
                .startsWith("HTTP/1.1 403 ")
                .contains("FOREIGN_ORIGIN");
        assertThat(send(port, "GET", "/info", here + "Origin: http://localhost:" + port + "\r\n", ""))
                .startsWith("HTTP/1.1 200 ");
        assertThat(send(port, "GET", "/info", "Host: [::1]:" + port + "\r\n", ""))
                .startsWith("HTTP/1.1 200 ");
        try (var named = launch().set("admin.hosts=[ops.example]").start()) {
            assertThat(send(named.adminPort(), "GET", "/info", "Host: ops.example:1\r\n", ""))
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void offLoopbackATokenIsNeeded_toStartAndToUse() throws IOException {
        assertThatThrownBy(() -> launch().set("admin.host=0.0.0.0").start())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'0.0.0.0' is not loopback, so admin.token is needed.");
        try (var guarded = launch().set("admin.host=0.0.0.0")
                .set("admin.token=open-sesame")
                .start()) {
            int port = guarded.adminPort();
            assertThat(send(port, "GET", "/health/ready", LOCAL, "")).startsWith("HTTP/1.1 200 ");
            assertThat(send(port, "GET", "/config", LOCAL, "")).startsWith("HTTP/1.1 401 ");
            assertThat(send(port, "GET", "/config", LOCAL + "Authorization: Bearer guess\r\n", ""))
                    .startsWith("HTTP/1.1 401 ");
            assertThat(send(port, "GET", "/config", LOCAL + "Authorization: Bearer open-sesame\r\n", ""))
                    .startsWith("HTTP/1.1 200 ")
                    .doesNotContain("open-sesame");
        }
    }
}
