package dev.plinth.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Calls a second and processor time a call: a client with all concerns on against bare ones, each in a process of its own. */
final class CallThroughput {
    private CallThroughput() {}

    /** A client that is measured: what {@link CallLoad} knows it by, its name for people, and the goal of ours against it. */
    private record Measured(String client, String name, double goal, List<Double> rate, List<Double> cpu) {
        Measured(String client, String name, double goal) {
            this(client, name, goal, new ArrayList<>(), new ArrayList<>());
        }
    }

    /** Runs it; the server is on the first core, the clients in turn on the second. */
    static List<Figure> figures(Path folder, boolean quick) throws Exception {
        var ours = new Measured("plinth", "Plinth's client", 1);
        var others = List.of(
                new Measured("engine", "Plinth's transport alone", 1.25),
                new Measured("apache", "Apache HttpClient 5.6.2", 1),
                new Measured("jdk", "java.net.http", 1));
        try (var server = Servers.ENGINES.get(1).start(folder, List.of("-Xmx256m"))) {
            for (int round = 0; round < (quick ? 1 : 5); round++) {
                measure(ours, server.port(), quick);
                for (var other : others) {
                    measure(other, server.port(), quick);
                }
            }
        }
        var figures = new ArrayList<Figure>();
        for (var other : others) {
            figures.add(new Figure("CALLS_PER_S", ours.rate, other.rate, other.name, 1 / other.goal, true));
            figures.add(new Figure("CALL_CPU_US", ours.cpu, other.cpu, other.name, other.goal, false));
        }
        return figures;
    }

    private static void measure(Measured into, int port, boolean quick) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        if (Boolean.getBoolean("plinth.pinned")) {
            command.addAll(List.of("taskset", "-c", "1"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path"), CallLoad.class.getName()));
        command.addAll(List.of(into.client, String.valueOf(port), "1", quick ? "0.5" : "5"));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var lines = process.inputReader()) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("ROUND ")) {
                    var values = line.split(" ", -1);
                    into.rate.add(Double.valueOf(values[1]));
                    into.cpu.add(Double.valueOf(values[2]));
                }
            }
        }
        if (process.waitFor() != 0) {
            throw new IOException("the load of " + into.client + " failed");
        }
    }
}
