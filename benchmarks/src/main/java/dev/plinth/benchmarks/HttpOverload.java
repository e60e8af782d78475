package dev.plinth.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Three times as much as a server can do, in an open loop: by a pool that has eight places of 10 ms each, and by a handler
 * that takes a millisecond of the one processor. Callers wait a second.
 */
final class HttpOverload {
    private static final double PATIENCE_MILLIS = 1000;
    private static final int CLOSED = 16;

    private HttpOverload() {}

    static List<Figure> run(Path folder, boolean quick) throws Exception {
        var figures = new ArrayList<Figure>();
        var contenders = List.of(
                Servers.service("Plinth", 0),
                Servers.service("Plinth with a fixed limit", 0, "http.overload.adaptive=false"),
                Servers.ENGINES.getFirst());
        for (var path : List.of("/pool", "/cpu")) {
            var of = path.substring(1).toUpperCase(Locale.ROOT);
            for (var contender : contenders) {
                var seen = overload(contender, path, folder, quick);
                if (contender.equals(contenders.getFirst())) {
                    figures.add(Figure.atLeast("OVERLOAD_GOODPUT_OF_PEAK_" + of, seen.share, 0.9));
                    figures.add(Figure.atMost("OVERLOAD_ACCEPTED_P99_MS_" + of, seen.p99, PATIENCE_MILLIS));
                }
            }
        }
        return figures;
    }

    private record Result(double share, double p99) {}

    private static Result overload(Server server, String path, Path folder, boolean quick) throws Exception {
        try (var running = server.start(folder, List.of("-Xmx512m"))) {
            var load = new Load(running.port(), path);
            load.run(CLOSED, quick ? 1 : 3);
            var seconds = quick ? 1 : 3;
            var peak = load.run(CLOSED, seconds) / (double) seconds;
            var seen = new OpenLoad(running.port(), path)
                    .run((int) (3 * peak), quick ? 1 : 12, quick ? 2 : 10, PATIENCE_MILLIS);
            var goodput = seen.good() / (quick ? 2.0 : 10.0);
            System.out.printf(
                    Locale.ROOT,
                    "overload %s of %s: peak %.0f/s, goodput %.0f/s (%.0f %%), answered with 200 in %.0f ms (median) and %.0f ms"
                            + " (p99), %d of %d refused%n",
                    path,
                    server.name(),
                    peak,
                    goodput,
                    100 * goodput / peak,
                    seen.percentile(50),
                    seen.percentile(99),
                    seen.refused(),
                    seen.offered());
            return new Result(goodput / peak, seen.percentile(99));
        }
    }
}
