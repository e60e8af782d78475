import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import java.nio.charset.StandardCharsets;

/** Helidon's engine with nothing around it: one route, fixed bytes. */
public final class Main {
    private static final byte[] ORDER =
            "{\"id\":\"1\",\"item\":\"lamp\",\"quantity\":2}".getBytes(StandardCharsets.US_ASCII);

    private Main() {}

    /** Serves on the port that is named. */
    public static void main(String[] arguments) {
        WebServer.builder()
                .host("127.0.0.1")
                .port(Integer.parseInt(arguments[0]))
                .routing(routing -> routing.get("/orders/{id}", (request, response) -> response.header(
                                HeaderNames.CONTENT_TYPE, "application/json")
                        .send(ORDER)))
                .build()
                .start();
    }
}
