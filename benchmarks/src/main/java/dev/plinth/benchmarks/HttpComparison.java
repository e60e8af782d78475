package dev.plinth.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Requests a second and processor time a request, over 32 kept connections, the server on one core and the load on another. */
final class HttpComparison implements Comparison {
    private static final int CONNECTIONS = 32;

    @Override
    public String name() {
        return "http";
    }

    @Override
    public String description() {
        return "a service with everything on against bare engines with fixed bytes: cost a request, slowest answers, overload,"
                + " idle connections";
    }

    @Override
    public List<Figure> run(Path folder, boolean quick) throws Exception {
        var figures = new ArrayList<>(orders(folder, quick));
        figures.addAll(HttpCost.run(folder, quick));
        figures.addAll(HttpTail.run(folder, quick));
        figures.addAll(HttpOverload.run(folder, quick));
        figures.addAll(HttpIdle.run(folder, quick));
        return figures;
    }

    private static List<Figure> orders(Path folder, boolean quick) throws Exception {
        var rounds = quick ? 1 : 3;
        var seconds = quick ? 1 : 5;
        var ours = new Measured();
        var engines = List.of(new Measured(), new Measured());
        for (var round = 0; round < rounds; round++) {
            measure(Servers.ORDERS, folder, seconds, ours);
            for (var i = 0; i < engines.size(); i++) {
                measure(Servers.ENGINES.get(i), folder, seconds, engines.get(i));
            }
        }
        var figures = new ArrayList<Figure>();
        for (var i = 0; i < engines.size(); i++) {
            var name = Servers.ENGINES.get(i).name();
            figures.add(new Figure("HTTP_REQUESTS_PER_S", ours.rate, engines.get(i).rate, name, 0.5, true));
            figures.add(new Figure("HTTP_CPU_US_PER_REQUEST", ours.cpu, engines.get(i).cpu, name, 2, false));
        }
        return figures;
    }

    private record Measured(List<Double> rate, List<Double> cpu) {
        Measured() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    private static void measure(Server server, Path folder, int seconds, Measured into) throws Exception {
        try (var running = server.start(folder, List.of("-Xmx256m"))) {
            Servers.putOrder(running.port());
            var load = new Load(running.port(), "/orders/1");
            load.run(CONNECTIONS, 3 * seconds);
            var cpuBefore = running.cpuMicros();
            var begin = System.nanoTime();
            var count = load.run(CONNECTIONS, seconds);
            into.rate.add(count / ((System.nanoTime() - begin) / 1e9));
            into.cpu.add((running.cpuMicros() - cpuBefore) / count);
        }
    }
}
