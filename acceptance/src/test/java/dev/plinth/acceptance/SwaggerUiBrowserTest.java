package dev.plinth.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.testkit.TestService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The pages in a real browser: it lists the operations, and what is tried out is answered by the service. */
@Timeout(300)
class SwaggerUiBrowserTest {
    @Test
    void operationsAreListedAndCanBeTriedOut(@TempDir Path folder) throws Exception {
        try (var browser = Browser.open(folder);
                var desk = TestService.start(Desk::main, "http.openapi.ui=true")) {
            tryOut(browser, desk.uri("/ui/"));
        }
    }

    @Test
    void theSameBehindAPrefixOfAProxy(@TempDir Path folder) throws Exception {
        var haproxy = Tool.named("TEST_HAPROXY");
        int front = DeskProcess.freePort();
        try (var browser = Browser.open(folder);
                var desk = TestService.start(Desk::main, "http.openapi.ui=true")) {
            var configuration = folder.resolve("haproxy.cfg");
            Files.writeString(
                    configuration,
                    """
                    defaults
                      mode http
                      timeout connect 10s
                      timeout client 60s
                      timeout server 60s
                    listen front
                      bind 127.0.0.1:%d
                      http-request deny unless { path_beg /shop/desk/ }
                      http-request replace-path /shop/desk(/.*) \\1
                      server desk 127.0.0.1:%d
                    """
                            .formatted(front, desk.service().port()));
            var proxy = new ProcessBuilder(haproxy, "-db", "-f", configuration.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("haproxy.log").toFile())
                    .start();
            try {
                awaitOpen(front);
                tryOut(browser, URI.create("http://127.0.0.1:" + front + "/shop/desk/ui"));
            } finally {
                proxy.destroyForcibly().onExit().join();
            }
        }
    }

    private static void tryOut(Browser browser, URI page) throws Exception {
        browser.go(page);
        browser.await(".opblock");
        assertThat(browser.text("#swagger-ui")).contains("/hello", "/notes", "/slow/{millis}", "/job/{id}");
        assertThat(browser.count(".opblock")).isEqualTo(5);

        browser.click("#operations-hello-getHello .opblock-summary-control");
        browser.click("#operations-hello-getHello .try-out__btn");
        browser.click("#operations-hello-getHello .execute");
        browser.await("#operations-hello-getHello .live-responses-table .response");
        assertThat(browser.text("#operations-hello-getHello .live-responses-table .response"))
                .contains("200", "\"message\": \"hello\"");

        browser.click("#operations-notes-postNotes .opblock-summary-control");
        browser.click("#operations-notes-postNotes .try-out__btn");
        browser.click("#operations-notes-postNotes .execute");
        browser.await("#operations-notes-postNotes .live-responses-table .response");
        assertThat(browser.text("#operations-notes-postNotes .live-responses-table .response"))
                .contains("201", "\"text\": \"string\"");

        assertThat(browser.complaints()).isEmpty();
        var screenshots = System.getProperty("screenshots");
        if (screenshots != null) {
            Files.write(Path.of(screenshots, "ui-" + page.getPort() + ".png"), browser.screenshot());
        }
    }

    private static void awaitOpen(int port) throws Exception {
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(socket.isConnected()).isTrue();
                return;
            } catch (IOException notYet) {
                assertThat(System.nanoTime()).as("HAProxy listens").isLessThan(until);
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }
}
