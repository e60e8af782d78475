package dev.plinth.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The slowest answers over few and many busy connections, on one core and on two (which the load then shares). */
final class HttpTail {
    private HttpTail() {}

    static List<Figure> run(Path folder, boolean quick) throws Exception {
        var servers = List.of(Servers.service("Plinth", 0), Servers.ENGINES.getLast(), Servers.ENGINES.getFirst());
        var figures = new ArrayList<Figure>();
        for (var cores : List.of("0", "0,1")) {
            for (var connections : quick ? List.of(64) : List.of(64, 256, 1024)) {
                var p99 = new ArrayList<Double>();
                for (var server : servers) {
                    p99.add(slowest(server.on(cores), connections, folder, quick));
                }
                if (cores.equals("0")) {
                    figures.add(new Figure(
                            "HTTP_P99_MS_" + connections + "_CONNECTIONS",
                            List.of(p99.getFirst()),
                            List.of(p99.getLast()),
                            servers.getLast().name(),
                            2,
                            false));
                }
            }
        }
        return figures;
    }

    private static double slowest(Server server, int connections, Path folder, boolean quick) throws Exception {
        try (var running = server.start(folder, List.of("-Xmx256m"))) {
            var load = new Load(running.port(), "/hello");
            load.run(connections, quick ? 0.5 : 3);
            var run = load.measure(connections, quick ? 1 : 5);
            System.out.printf(
                    Locale.ROOT,
                    "tail of %s on core %s, %d connections: %d answers, p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, slowest %.1f ms%n",
                    server.name(),
                    server.cores(),
                    connections,
                    run.count(),
                    run.percentileMillis(50),
                    run.percentileMillis(99),
                    run.percentileMillis(99.9),
                    run.percentileMillis(100));
            return run.percentileMillis(99);
        }
    }
}
