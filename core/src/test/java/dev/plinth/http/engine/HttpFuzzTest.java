package dev.plinth.http.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * 100,000 requests made at random, most of them wrong in one way, each with another right behind it on the same
 * connection: what is right is answered as it was meant; what is wrong is refused with the status that its kind of mistake
 * has, and the one behind it is never seen.
 *
 * <p>{@code -Dfuzz.requests=5000000 -Dfuzz.seed=7} makes it longer and other.
 */
@Timeout(1200)
class HttpFuzzTest {
    private static final int REQUESTS = Integer.getInteger("fuzz.requests", 100_000);
    private static final long SEED = Long.getLong("fuzz.seed", 20_260_101);
    private static final int CLIENTS = 4;
    private static final String BEHIND = "GET /behind HTTP/1.1\r\nHost: a\r\n\r\n";

    @Test
    void answersWhatIsRightAndRefusesWhatIsWrong() throws Exception {
        var settings = new ListenerSettings(
                "fuzz",
                "127.0.0.1",
                0,
                1024,
                1000,
                FuzzedRequest.MAX_HEAD,
                FuzzedRequest.MAX_BODY,
                false,
                false,
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                null);
        var failures = new ConcurrentLinkedQueue<String>();
        try (var test = TestEngine.open(settings, HttpFuzzTest::tell)) {
            var clients = new ArrayList<Thread>();
            for (int i = 0; i < CLIENTS; i++) {
                int client = i;
                clients.add(Thread.ofVirtual().start(() -> new Run(test, client, failures).all()));
            }
            for (var client : clients) {
                client.join();
            }
            assertThat(failures).isEmpty();
            try (var sane = test.client()) {
                assertThat(sane.kept()).isTrue();
            }
        }
    }

    /** Answers with what it understood. */
    private static void tell(Exchange exchange) throws IOException {
        byte[] body;
        try {
            body = exchange.body().readAllBytes();
        } catch (BodyTooLargeException tooLarge) {
            exchange.send(413, new byte[0]);
            return;
        } catch (IOException broken) {
            exchange.send(400, new byte[0]);
            return;
        }
        var query = exchange.query().isEmpty() ? "" : "?" + exchange.query();
        exchange.send(200, understood(exchange.method(), exchange.path() + query, body));
    }

    private static byte[] understood(String method, String target, byte[] body) {
        return (method + " " + target + " " + Arrays.hashCode(body)).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** One client after the other, until one is found for which the answer is not what it must be. */
    private static final class Run {
        private final TestEngine test;
        private final int number;
        private final ConcurrentLinkedQueue<String> failures;

        Run(TestEngine test, int number, ConcurrentLinkedQueue<String> failures) {
            this.test = test;
            this.number = number;
            this.failures = failures;
        }

        void all() {
            RawClient client = null;
            for (int i = number; i < REQUESTS && failures.size() < 5; i += CLIENTS) {
                var request = FuzzedRequest.make(new Random(SEED + i));
                try {
                    if (client == null) {
                        client = test.client();
                    }
                    if (!holds(request, client)) {
                        client.close();
                        client = null;
                    }
                } catch (IOException | RuntimeException | AssertionError failed) {
                    failures.add("fuzz.seed=" + (SEED + i) + ", " + request.what + ": " + failed + "\n"
                            + new String(
                                            request.bytes,
                                            0,
                                            Math.min(request.bytes.length, 600),
                                            StandardCharsets.ISO_8859_1)
                                    .replace("\r", "\\r")
                                    .replace("\0", "\\0"));
                    client = null;
                }
            }
        }

        /** Whether the connection can be used again. */
        private boolean holds(FuzzedRequest request, RawClient client) throws IOException {
            var all = Arrays.copyOf(request.bytes, request.bytes.length + BEHIND.length());
            System.arraycopy(
                    BEHIND.getBytes(StandardCharsets.ISO_8859_1), 0, all, request.bytes.length, BEHIND.length());
            if (request.outcome == FuzzedRequest.Outcome.ANY) {
                return survives(all, client);
            }
            client.send(all);
            var answer = client.answer();
            if (request.outcome == FuzzedRequest.Outcome.REFUSED) {
                assertThat(request.statuses).contains(answer.status());
                assertThat(answer.header("connection")).isEqualTo("close");
                assertThat(client.closed()).as("closed").isTrue();
                return false;
            }
            assertThat(answer.status()).isEqualTo(200);
            var expected = understood(request.method, request.target.replaceFirst("^([^?]*)\\?$", "$1"), request.body);
            assertThat(answer.body()).isEqualTo(new String(expected, StandardCharsets.ISO_8859_1));
            if (request.outcome == FuzzedRequest.Outcome.CLOSED) {
                assertThat(client.closed()).as("closed").isTrue();
                return false;
            }
            assertThat(client.answer().body()).startsWith("GET /behind ");
            return true;
        }

        /** Whatever it is, the server comes to an end with it when the client does. */
        private static boolean survives(byte[] bytes, RawClient client) throws IOException {
            try {
                client.send(bytes).halfClose();
                List<Integer> statuses = new ArrayList<>();
                while (statuses.size() < 4) {
                    statuses.add(client.answer().status());
                }
                throw new AssertionError("answers without end: " + statuses);
            } catch (EOFException | SocketException closed) {
                return false;
            }
        }
    }
}
