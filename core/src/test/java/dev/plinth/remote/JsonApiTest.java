package dev.plinth.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.plinth.time.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JsonApiTest {
    private final AtomicReference<String> seen = new AtomicReference<>("");
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", exchange -> {
            try (exchange) {
                seen.set(String.valueOf(exchange.getRequestHeaders().get("X-Token")));
                exchange.sendResponseHeaders(200, 2);
                exchange.getResponseBody().write(new byte[] {'{', '}'});
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static JsonApi api(Duration timeout, URI... endpoints) {
        return new JsonApi("store", List.of(endpoints), timeout, Time.system());
    }

    @Test
    void anAddressThatSaysNothingLeavesTimeForTheNext() throws IOException {
        try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                var api = api(Duration.ofSeconds(4), URI.create("http://127.0.0.1:" + silent.getLocalPort()), uri())) {
            assertThat(api.call("GET", "/a", null).ok()).isTrue();
        }
    }

    @Test
    void theFailureOfEachAddressIsThere() {
        try (var api =
                api(Duration.ofSeconds(10), URI.create("http://127.0.0.1:1"), URI.create("http://127.0.0.1:2"))) {
            assertThatThrownBy(() -> api.call("GET", "/a", null))
                    .isInstanceOf(RemoteException.class)
                    .hasMessage("store at http://127.0.0.1:2: GET /a: can't connect")
                    .satisfies(failed -> assertThat(failed.getSuppressed())
                            .singleElement()
                            .extracting(Throwable::getMessage)
                            .isEqualTo("store at http://127.0.0.1:1: GET /a: can't connect"));
        }
    }

    @Test
    void aHeaderIsAskedForEachTimeAndLeftOutWhileItIsEmpty() {
        var token = new AtomicReference<>("");
        try (var api = api(Duration.ofSeconds(10), uri()).header("X-Token", token::get)) {
            api.call("GET", "/a", null);
            assertThat(seen.get()).isEqualTo("null");
            token.set("t0ken");
            api.call("GET", "/a", null);
            assertThat(seen.get()).isEqualTo("[t0ken]");
        }
    }

    @Test
    void aHeaderThatCannotBeSentIsNamedAndNotTold() {
        try (var api = api(Duration.ofSeconds(10), uri()).header("X-Token", () -> "t0ken\n")) {
            assertThatThrownBy(() -> api.call("GET", "/a", null))
                    .isInstanceOf(RemoteException.class)
                    .hasMessage(
                            "store at " + uri() + ": GET /a: the value of X-Token holds a line end or another character"
                                    + " that no header may have")
                    .hasNoCause();
        }
    }

    /** A watch that is told to end may be just about to ask: it would open what nobody closes. */
    @Test
    void aCallAfterTheCloseOpensNothing() {
        var api = api(Duration.ofSeconds(10), uri());
        api.call("GET", "/a", null);
        api.close();
        assertThatThrownBy(() -> api.call("GET", "/a", null))
                .isInstanceOf(RemoteException.class)
                .hasMessageEndingWith(": GET /a: the connection broke: this handle is closed");
    }

    @Test
    void aPathKeepsItsSlashes() {
        assertThat(JsonApi.encodePath("/config/a b/c?d")).isEqualTo("config/a%20b/c%3Fd");
    }
}
