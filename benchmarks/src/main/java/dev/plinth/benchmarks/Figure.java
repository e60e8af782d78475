package dev.plinth.benchmarks;

import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * One result of a comparison: the medians of ours and of the other over all rounds, and the ratio that was aimed at.
 *
 * @param name in capitals, with its unit
 * @param ours one value a round
 * @param other one value a round
 * @param otherName whose, with its version
 * @param goal the ratio of ours to other's: at most this, or where more is better at least
 * @param moreIsBetter which of the two
 */
record Figure(String name, List<Double> ours, List<Double> other, String otherName, double goal, boolean moreIsBetter) {

    /** A figure with a goal of its own and nobody beside it. */
    static Figure atMost(String name, double ours, double goal) {
        return new Figure(name, List.of(ours), List.of(), "", goal, false);
    }

    /** The same where more is better. */
    static Figure atLeast(String name, double ours, double goal) {
        return new Figure(name, List.of(ours), List.of(), "", goal, true);
    }

    boolean isOk() {
        return moreIsBetter ? ratio() >= goal : ratio() <= goal;
    }

    /** The ratio of the medians, ours to the other's; ours alone where there is no other. */
    double ratio() {
        return other.isEmpty() ? median(ours) : median(ours) / median(other);
    }

    /** The line that ends a comparison. */
    String line() {
        if (other.isEmpty()) {
            return String.format(
                    Locale.ROOT,
                    "%s  ours=%.3f other=-  ratio=%.3f  goal%s%.2f  %s",
                    name,
                    median(ours),
                    ratio(),
                    moreIsBetter ? ">=" : "<=",
                    goal,
                    isOk() ? "ok" : "short");
        }
        return String.format(
                Locale.ROOT,
                "%s  ours=%.1f other=%.1f (%s)  ratio=%.2f  goal%s%.2f  %s",
                name,
                median(ours),
                median(other),
                otherName,
                ratio(),
                moreIsBetter ? ">=" : "<=",
                goal,
                isOk() ? "ok" : "short");
    }

    /** The medians with the least and the most. */
    String spread() {
        if (other.isEmpty()) {
            return String.format(Locale.ROOT, "%s: %.3f", name, median(ours));
        }
        return String.format(
                Locale.ROOT,
                "%s: ours %.1f (%.1f to %.1f), %s %.1f (%.1f to %.1f), %d rounds",
                name,
                median(ours),
                Collections.min(ours),
                Collections.max(ours),
                otherName,
                median(other),
                Collections.min(other),
                Collections.max(other),
                ours.size());
    }

    private static double median(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        var middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
