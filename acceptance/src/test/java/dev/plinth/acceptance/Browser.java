package dev.plinth.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Chromium without a window, told what to do by WebDriver (the W3C's protocol) as it is: JSON over HTTP. */
final class Browser implements AutoCloseable {
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf"; // as the standard names it

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process driver;
    private final String address;
    private String session = "";

    private Browser(Process driver, int port) {
        this.driver = driver;
        this.address = "http://127.0.0.1:" + port;
    }

    /** Starts the driver, and a browser with a profile in {@code folder}. */
    static Browser open(Path folder) throws Exception {
        var program = Tool.named("TEST_CHROMIUM");
        int port = DeskProcess.freePort();
        var driver = new ProcessBuilder(program, "--port=" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("chromedriver.log").toFile())
                .start();
        var browser = new Browser(driver, port);
        try {
            browser.awaitDriver();
            var options = Map.of(
                    "args",
                    List.of(
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--disable-dev-shm-usage",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync",
                            "--window-size=1200,1600",
                            "--user-data-dir=" + folder.resolve("profile")));
            var wanted = Map.of("goog:chromeOptions", options, "goog:loggingPrefs", Map.of("browser", "ALL"));
            var made =
                    (Map<?, ?>) browser.call("POST", "/session", Map.of("capabilities", Map.of("alwaysMatch", wanted)));
            browser.session = "/session/" + made.get("sessionId");
            return browser;
        } catch (Exception | AssertionError failed) {
            browser.close();
            throw failed;
        }
    }

    private void awaitDriver() throws Exception {
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try {
                call("GET", "/status", null);
                return;
            } catch (IOException notYet) {
                assertThat(System.nanoTime()).as("the driver answers").isLessThan(until);
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private Object call(String method, String path, Object body) throws IOException, InterruptedException {
        var json = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofByteArray(Json.standard().write(body));
        var request = HttpRequest.newBuilder(URI.create(address + path))
                .timeout(Duration.ofMinutes(2))
                .method(method, json)
                .build();
        var answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode())
                .as("%s %s: %s", method, path, new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        return Json.standard().read(answer.body(), Map.class).get("value");
    }

    void go(URI page) throws Exception {
        call("POST", session + "/url", Map.of("url", page.toString()));
    }

    /** What a script returns, which is run in the page. */
    Object script(String script) throws Exception {
        return call("POST", session + "/execute/sync", Map.of("script", script, "args", List.of()));
    }

    /** Waits until there is an element that the selector finds. */
    void await(String selector) throws Exception {
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (count(selector) == 0) {
            assertThat(System.nanoTime())
                    .as("%s is on the page:%n%s", selector, text("body"))
                    .isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    int count(String selector) throws Exception {
        return ((Number) script("return document.querySelectorAll(" + quoted(selector) + ").length")).intValue();
    }

    /** The text that people see in the first element that the selector finds. */
    String text(String selector) throws Exception {
        return String.valueOf(script(
                "const found = document.querySelector(" + quoted(selector) + "); return found ? found.innerText : ''"));
    }

    /** Waits for an element, and clicks on it as a person would. */
    void click(String selector) throws Exception {
        await(selector);
        var found = (Map<?, ?>) call("POST", session + "/element", Map.of("using", "css selector", "value", selector));
        call("POST", session + "/element/" + found.get(ELEMENT) + "/click", Map.of());
    }

    byte[] screenshot() throws Exception {
        return Base64.getDecoder().decode(String.valueOf(call("GET", session + "/screenshot", null)));
    }

    /** What the browser has complained of: scripts that failed, what a policy kept out. */
    List<?> complaints() throws Exception {
        var lines = (List<?>) call("POST", session + "/se/log", Map.of("type", "browser"));
        return lines.stream()
                .filter(line -> "SEVERE".equals(((Map<?, ?>) line).get("level")))
                .toList();
    }

    private static String quoted(String text) {
        return new String(Json.standard().write(text), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        try {
            if (!session.isEmpty()) {
                call("DELETE", session, null);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt(); // what is left is ended below all the same
        } finally {
            driver.descendants().forEach(ProcessHandle::destroyForcibly);
            driver.destroyForcibly().onExit().join();
            http.close();
        }
    }
}
