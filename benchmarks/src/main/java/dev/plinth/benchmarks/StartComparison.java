package dev.plinth.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How long until the first answer, from the start of the process, with an ahead-of-time cache, on one core. */
final class StartComparison implements Comparison {
    @Override
    public String name() {
        return "start";
    }

    @Override
    public String description() {
        return "start to first answer, with AOT cache, on one core: a generated service with everything on, against bare engines";
    }

    @Override
    public List<Figure> run(Path folder, boolean quick) throws Exception {
        var servers = new ArrayList<>(List.of(Servers.ORDERS));
        servers.addAll(Servers.ENGINES);
        var flags = new ArrayList<List<String>>();
        var millis = new ArrayList<List<Double>>();
        for (var server : servers) {
            flags.add(List.of("-XX:AOTCache=" + server.train(folder)));
            millis.add(new ArrayList<>());
        }
        for (var round = 0; round < (quick ? 2 : 15); round++) {
            for (var i = 0; i < servers.size(); i++) {
                try (var running = servers.get(i).start(folder, flags.get(i))) {
                    millis.get(i).add(running.millisToFirstAnswer());
                }
            }
        }
        return List.of(
                new Figure(
                        "START_MS", millis.get(0), millis.get(1), servers.get(1).name(), 1, false),
                new Figure(
                        "START_MS", millis.get(0), millis.get(2), servers.get(2).name(), 2, false));
    }
}
