package dev.plinth.http.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EngineTest {
    private TestEngine test;

    @BeforeEach
    void open() throws IOException {
        test = TestEngine.open();
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void answersWithLengthAndDateAndWithoutServer() throws IOException {
        try (var client = test.client()) {
            var answer = client.get("/hello").answer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(TestEngine.HELLO);
            assertThat(answer.header("content-length")).isEqualTo("19");
            assertThat(answer.header("date")).matches("\\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
            assertThat(answer.headers()).containsOnlyKeys("date", "content-type", "content-length");
        }
    }

    @Test
    void keepsTheConnection() throws IOException {
        try (var client = test.client()) {
            for (int i = 0; i < 50; i++) {
                assertThat(client.get("/hello").answer().body()).isEqualTo(TestEngine.HELLO);
            }
        }
    }

    @Test
    void finishesWhatIsInFlightWhenItCloses() throws Exception {
        try (var client = test.client();
                var idle = test.client()) {
            assertThat(idle.get("/hello").answer().status()).isEqualTo(200);
            client.get("/wait");
            test.waiting.await();
            var closing = Thread.ofVirtual().start(() -> test.engine.close(Duration.ofSeconds(20)));

            assertThat(idle.closed()).isTrue();
            test.go.countDown();
            var answer = client.answer();
            assertThat(answer.body()).isEqualTo("waited");
            assertThat(answer.header("connection")).isEqualTo("close");
            closing.join();
        }
    }
}
