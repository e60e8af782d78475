package dev.plinth.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadTest {
    private final AtomicLong served = new AtomicLong();
    private HttpServer server;
    private volatile int failAfter = Integer.MAX_VALUE;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var body = "ok".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(served.incrementAndGet() > failAfter ? 500 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void countsWhatWasAnswered() throws Exception {
        var load = new Load(server.getAddress().getPort(), "/");
        served.set(0);

        assertThat(load.run(2, 0.2)).isPositive().isEqualTo(served.get());
    }

    @Test
    void anAnswerThatIsNoSuccessEndsTheRun() throws Exception {
        var load = new Load(server.getAddress().getPort(), "/");
        failAfter = 5;

        assertThatThrownBy(() -> load.run(1, 10))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(IOException.class);
    }
}
