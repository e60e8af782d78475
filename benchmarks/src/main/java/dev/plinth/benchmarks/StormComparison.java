package dev.plinth.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a failing leaf does to a chain of five services, and the chain to the leaf. */
final class StormComparison implements Comparison {
    private static final int LENGTH = 5;
    /** Of a breaker by default, and the second that the goal grants. */
    private static final double OPEN_TIME = 5;

    @Override
    public String name() {
        return "storm";
    }

    @Override
    public String description() {
        return "a chain of five services with default settings: the leaf fails, fails by half, or is too slow; against naive retries";
    }

    @Override
    public List<Figure> run(Path folder, boolean quick) throws Exception {
        int rate = quick ? 50 : 100;
        var length = Duration.ofSeconds(quick ? 2 : 15);
        var figures = new ArrayList<Figure>();
        try (var storm = warm(Storm.Calls.NAIVE, rate)) {
            storm.leaf(Storm.Leaf.FAILS);
            told("three naive retries a hop, leaf fails", storm.run(quick ? 2 : 5, length));
        }
        try (var storm = warm(Storm.Calls.DEFAULT, rate)) {
            storm.leaf(Storm.Leaf.FAILS);
            var seen = told("default, leaf fails", storm.run(rate, length));
            figures.add(Figure.atMost("STORM_LEAF_CALLS_AT_100", seen.amplification(), 1.2));
            double recovery = 0;
            for (int round = 0; round < (quick ? 1 : 3); round++) {
                // Each at another moment of the open time.
                storm.leaf(Storm.Leaf.FAILS);
                storm.run(rate, Duration.ofMillis(1700));
                storm.leaf(Storm.Leaf.WELL);
                recovery = Math.max(
                        recovery, storm.untilWell(rate, Duration.ofSeconds(20)).toMillis() / 1e3);
            }
            System.out.printf("recovery, the slowest: %.1f s%n", recovery);
            figures.add(Figure.atMost("STORM_RECOVERY_S", recovery, OPEN_TIME + 1));
            storm.leaf(Storm.Leaf.HALF_FAILS);
            var half = told("default, half fails", storm.run(rate, length));
            figures.add(Figure.atLeast("STORM_GOODPUT_AT_50", half.goodput(), 0.45));
            storm.leaf(Storm.Leaf.WELL);
            storm.untilWell(rate, Duration.ofSeconds(20));
            storm.leaf(Storm.Leaf.SLOW);
            var slow = told("default, leaf too slow", storm.run(rate, length));
            figures.add(Figure.atMost("STORM_LEAF_CALLS_TOO_SLOW", slow.amplification(), 1.2));
            figures.add(Figure.atMost("STORM_LATE_CALLS_TOO_SLOW", (double) slow.late(), 0));
        }
        try (var storm = warm(Storm.Calls.WITHOUT_BREAKERS, rate)) {
            storm.leaf(Storm.Leaf.FAILS);
            var seen = told("without breakers, leaf fails", storm.run(rate, length));
            figures.add(Figure.atMost("STORM_LEAF_CALLS_AT_100_NO_BREAKER", seen.amplification(), 1.2));
            storm.leaf(Storm.Leaf.HALF_FAILS);
            var half = told("without breakers, half fails", storm.run(rate, length));
            figures.add(Figure.atLeast("STORM_GOODPUT_AT_50_NO_BREAKER", half.goodput(), 0.45));
        }
        return figures;
    }

    private static Storm warm(Storm.Calls calls, int rate) throws InterruptedException {
        var storm = new Storm(LENGTH, calls);
        storm.run(rate, Duration.ofSeconds(2));
        return storm;
    }

    private static Storm.Seen told(String what, Storm.Seen seen) {
        System.out.printf(
                "%s: %d calls at the front, %.1f %% good, %.3f calls at the leaf for each, %d begun late, %d interrupts ignored%n",
                what, seen.asked(), 100 * seen.goodput(), seen.amplification(), seen.late(), seen.ignored());
        return seen;
    }
}
