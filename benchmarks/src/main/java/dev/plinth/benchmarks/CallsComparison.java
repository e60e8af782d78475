package dev.plinth.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What policies cost a call that succeeds: each of those compared in a process of its own, in turn, on the first core. */
final class CallsComparison implements Comparison {
    private static final String FAILSAFE = "Failsafe 3.3.2";
    private static final String RESILIENCE4J = "Resilience4j 2.4.0";

    @Override
    public String name() {
        return "calls";
    }

    @Override
    public String description() {
        return "time-out, retry and breaker around a call that succeeds at once: processor time and bytes; calls a second"
                + " by HTTP";
    }

    @Override
    public List<Figure> run(Path folder, boolean quick) throws Exception {
        var programs = List.of(
                "ours",
                "failsafe",
                "resilience4j",
                "ours-no-timeout",
                "failsafe-no-timeout",
                "resilience4j-no-timeout",
                "ours-breaker",
                "failsafe-breaker",
                "resilience4j-breaker");
        var nanos = new LinkedHashMap<String, List<Double>>();
        var bytes = new LinkedHashMap<String, List<Double>>();
        for (var round = 0; round < (quick ? 1 : 7); round++) {
            for (var program : programs) {
                var result = measure(program, quick ? 1 : 2);
                nanos.computeIfAbsent(program, _ -> new ArrayList<>()).add(result[0]);
                bytes.computeIfAbsent(program, _ -> new ArrayList<>()).add(result[1]);
            }
        }
        var figures = new ArrayList<>(List.of(
                figure("CALL_NS", nanos, "ours", "failsafe", FAILSAFE),
                figure("CALL_NS", nanos, "ours", "resilience4j", RESILIENCE4J),
                figure("CALL_BYTES", bytes, "ours", "failsafe", FAILSAFE),
                figure("CALL_BYTES", bytes, "ours", "resilience4j", RESILIENCE4J),
                figure("RETRY_BREAKER_NS", nanos, "ours-no-timeout", "failsafe-no-timeout", FAILSAFE),
                // Its retry has no budget to count for, so no more than the same is asked of ours.
                new Figure(
                        "RETRY_BREAKER_NS",
                        rounds(nanos, "ours-no-timeout"),
                        rounds(nanos, "resilience4j-no-timeout"),
                        RESILIENCE4J,
                        1,
                        false),
                figure("BREAKER_NS", nanos, "ours-breaker", "failsafe-breaker", FAILSAFE),
                figure("BREAKER_NS", nanos, "ours-breaker", "resilience4j-breaker", RESILIENCE4J),
                new Figure(
                        "BREAKER_BYTES",
                        rounds(bytes, "ours-breaker"),
                        rounds(bytes, "failsafe-breaker"),
                        FAILSAFE,
                        0.001,
                        false)));
        figures.addAll(CallThroughput.figures(folder, quick));
        return figures;
    }

    private static Figure figure(
            String name, Map<String, List<Double>> results, String ours, String other, String otherName) {
        return new Figure(name, rounds(results, ours), rounds(results, other), otherName, 0.5, false);
    }

    private static List<Double> rounds(Map<String, List<Double>> results, String program) {
        return results.getOrDefault(program, List.of());
    }

    private static double[] measure(String program, int seconds) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        if (Boolean.getBoolean("plinth.pinned")) {
            command.addAll(List.of("taskset", "-c", "0"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                GuardedCall.class.getName(),
                program,
                Integer.toString(seconds)));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0 || !output.matches("[0-9.]+ [0-9.]+")) {
            throw new IOException(program + " ended with " + process.exitValue() + ": '" + output + "'");
        }
        var words = output.split(" ", -1);
        return new double[] {Double.parseDouble(words[0]), Double.parseDouble(words[1])};
    }
}
