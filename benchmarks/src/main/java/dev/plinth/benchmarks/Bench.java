package dev.plinth.benchmarks;

import java.nio.file.Files;
import java.util.List;

/** The command line behind {@code ./bench}. */
public final class Bench {
    private static final List<Comparison> ALL = List.of(
            new StartComparison(),
            new HttpComparison(),
            new CallsComparison(),
            new ConfigComparison(),
            new StormComparison(),
            new BalanceComparison());

    private Bench() {}

    /** {@code [NAME [--quick]]}; exit codes: 0 every figure is ok, 1 one is short, 2 it could not run, 64 wrong usage. */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) {
        if (arguments.isEmpty() || arguments.contains("--help")) {
            list();
            return 0;
        }
        for (var comparison : ALL) {
            if (comparison.name().equals(arguments.getFirst())) {
                var rest = arguments.subList(1, arguments.size());
                if (rest.isEmpty() || rest.equals(List.of("--quick"))) {
                    return run(comparison, !rest.isEmpty());
                }
            }
        }
        System.err.println("bench: no comparison '" + String.join(" ", arguments) + "'");
        list();
        return 64;
    }

    private static int run(Comparison comparison, boolean quick) {
        try {
            System.out.println(
                    comparison.name() + ": " + comparison.description() + (quick ? " (quick: no verdict)" : ""));
            var figures = comparison.run(Files.createTempDirectory("plinth-bench-"), quick);
            for (var figure : figures) {
                System.out.println(figure.spread());
            }
            var exitCode = 0;
            for (var figure : figures) {
                System.out.println(figure.line());
                exitCode = figure.isOk() || quick ? exitCode : 1;
            }
            return exitCode;
        } catch (Exception e) {
            System.err.println("bench: " + comparison.name() + " could not run: " + e);
            return 2;
        }
    }

    private static void list() {
        System.out.println("Usage: ./bench NAME [--quick]\n");
        for (var comparison : ALL) {
            System.out.printf("  %-8s %s%n", comparison.name(), comparison.description());
        }
        System.out.println("\nExit codes: 0 every figure is ok, 1 one is short, 2 it could not run, 64 wrong usage.");
    }
}
