package dev.plinth.benchmarks;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The programs that are compared. */
final class Servers {
    private static final Path HOME = Path.of(System.getProperty("plinth.home", "."));

    /** The service that {@code plinth new} writes, as it is. */
    static final Server ORDERS = new Server(
            "generated service",
            List.of("-jar", HOME.resolve("examples/orders/target/orders.jar").toString()),
            List.of("train"),
            port -> List.of("run", "--set", "http.port=" + port, "--set", "admin.port=0"));

    /** What a service is compared with: engines that do nothing but answer. */
    static final List<Server> ENGINES = List.of(
            new Server(
                    "Helidon WebServer " + Peers.version("helidon"),
                    List.of("-jar", Peers.jar("helidon").toString()),
                    List.of(),
                    port -> List.of(String.valueOf(port))),
            new Server(
                    "Plinth's engine alone",
                    List.of(
                            "-cp",
                            HOME.resolve("benchmarks/target/plinth-benchmarks.jar")
                                    .toString(),
                            BareEngine.class.getName()),
                    List.of(),
                    port -> List.of(String.valueOf(port))));

    private static final String JAR =
            HOME.resolve("benchmarks/target/plinth-benchmarks.jar").toString();

    private Servers() {}

    /** A service with everything on, and so many routes more. */
    static Server service(String name, int routes, String... settings) {
        return new Server(
                name, List.of("-Droutes=" + routes, "-cp", JAR, HttpService.class.getName()), List.of(), port -> {
                    var words = new ArrayList<>(List.of(
                            "run",
                            "--set",
                            "http.port=" + port,
                            "--set",
                            "admin.port=0",
                            "--set",
                            "stop.drain-delay=0s"));
                    for (var setting : settings) {
                        words.addAll(List.of("--set", setting));
                    }
                    return words;
                });
    }

    /** Has the service know the order that is asked for. Bare engines refuse, and know it all the same. */
    static void putOrder(int port) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/orders"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"id\":\"1\",\"item\":\"lamp\",\"quantity\":2}"))
                    .build();
            client.send(request, HttpResponse.BodyHandlers.discarding());
        }
    }
}
