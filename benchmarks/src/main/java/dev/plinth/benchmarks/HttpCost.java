package dev.plinth.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Processor time a request, of a whole service and of its engine alone, and whether it depends on how many routes there are. */
final class HttpCost {
    private static final int CONNECTIONS = 32;
    private static final int WARM_SECONDS = 8;
    private static final String ORDER =
            "{\"id\":\"4711\",\"customer\":\"somebody@example.com\",\"lines\":[{\"item\":\"lamp\",\"quantity\":2,\"cents\":1999}]}";

    private HttpCost() {}

    private record Case(String name, String method, String path, String body) {
        byte[] request() {
            return Load.bytes(method, path, body);
        }
    }

    private static final List<Case> CASES = List.of(
            new Case("HELLO", "GET", "/hello", ""),
            new Case("VALIDATED_POST", "POST", "/orders", ORDER),
            new Case("RECORD_OF_2_KB", "GET", "/record", ""));

    static List<Figure> run(Path folder, boolean quick) throws Exception {
        var rounds = quick ? 1 : 3;
        var figures = new ArrayList<Figure>();
        var ours = lists(CASES.size());
        var engine = lists(CASES.size());
        var routes = lists(3);
        for (var round = 0; round < rounds; round++) {
            measure(Servers.service("Plinth", 0), folder, quick, ours);
            measure(Servers.ENGINES.getLast(), folder, quick, engine);
            for (var i = 0; i < routes.size(); i++) {
                var count = (int) Math.pow(10, i + 1);
                try (var running = Servers.service("Plinth with " + count + " routes", count)
                        .start(folder, List.of("-Xmx256m"))) {
                    var last = count - 1;
                    var path = "/area" + last / 10 + "/thing" + last + "/7";
                    routes.get(i).add(cost(running, Load.bytes("GET", path, ""), quick));
                }
            }
        }
        for (var i = 0; i < CASES.size(); i++) {
            figures.add(new Figure(
                    "HTTP_CPU_US_" + CASES.get(i).name, ours.get(i), engine.get(i), "Plinth's engine alone", 2, false));
        }
        figures.add(new Figure("HTTP_CPU_US_100_ROUTES", routes.get(1), routes.get(0), "10 routes", 1.1, false));
        figures.add(new Figure("HTTP_CPU_US_1000_ROUTES", routes.get(2), routes.get(0), "10 routes", 1.1, false));
        return figures;
    }

    private static List<List<Double>> lists(int count) {
        var lists = new ArrayList<List<Double>>();
        for (var i = 0; i < count; i++) {
            lists.add(new ArrayList<>());
        }
        return lists;
    }

    private static void measure(Server server, Path folder, boolean quick, List<List<Double>> into) throws Exception {
        try (var running = server.start(folder, List.of("-Xmx256m"))) {
            // All before the first is measured: the compiler shares the processor, and some code is that of all.
            for (var each : CASES) {
                new Load(running.port(), each.request()).run(CONNECTIONS, quick ? 0.5 : WARM_SECONDS);
            }
            for (var i = 0; i < CASES.size(); i++) {
                into.get(i).add(cost(running, CASES.get(i).request(), quick));
            }
        }
    }

    private static double cost(Server.Running running, byte[] request, boolean quick) throws Exception {
        var load = new Load(running.port(), request);
        load.run(CONNECTIONS, quick ? 0.5 : WARM_SECONDS);
        var before = running.cpuMicros();
        var count = load.run(CONNECTIONS, quick ? 0.5 : 4);
        return (running.cpuMicros() - before) / count;
    }
}
