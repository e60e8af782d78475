import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;

/** Helidon's engine with nothing around it: fixed bytes, and two routes that can be overloaded. */
public final class Main {
    private static final byte[] ORDER =
            "{\"id\":\"1\",\"item\":\"lamp\",\"quantity\":2}".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] HELLO = "{\"message\":\"hello\"}".getBytes(StandardCharsets.US_ASCII);

    private static final Semaphore POOL = new Semaphore(8, true);

    private Main() {}

    /** Serves on the port that is named. */
    public static void main(String[] arguments) {
        WebServer.builder()
                .host("127.0.0.1")
                .port(Integer.parseInt(arguments[0]))
                .routing(routing -> routing.get("/orders/{id}", (request, response) -> response.header(
                                        HeaderNames.CONTENT_TYPE, "application/json")
                                .send(ORDER))
                        .get("/hello", (request, response) -> response.header(
                                        HeaderNames.CONTENT_TYPE, "application/json")
                                .send(HELLO))
                        .get("/pool", (request, response) -> {
                            POOL.acquire();
                            try {
                                Thread.sleep(10);
                            } finally {
                                POOL.release();
                            }
                            response.send("done");
                        })
                        .get("/cpu", (request, response) -> {
                            var begin = System.nanoTime();
                            var value = 1L;
                            while (System.nanoTime() - begin < 1_000_000) {
                                for (var i = 0; i < 1000; i++) {
                                    value = value * 6364136223846793005L + 1442695040888963407L;
                                }
                            }
                            response.send(value == 0 ? "none" : "done");
                        }))
                .build()
                .start();
    }
}
