package dev.plinth.resilience;

/**
 * What work usually takes, and how a limit follows. The idea is TCP Vegas' (Brakmo and Peterson, 1995), in the form of the
 * gradient limit of Netflix' concurrency-limits: a limit grows by its square root as long as work takes what it usually
 * takes, and shrinks by the ratio, to a half at most, when it takes longer.
 *
 * <p>Not thread-safe.
 */
final class Pace {
    private static final int LONG_TERM = 600;
    /** How much longer it takes to believe that slow is usual: overload that lasts would else raise the limit bit by bit. */
    private static final int SLOW_TO_BELIEVE = 10;

    private static final double SMOOTHING = 0.2;

    private double usual;

    /** The long-term average, in nanoseconds; 0 before there is one. */
    double usual() {
        return usual;
    }

    /** Takes the average of a window in. */
    void learn(double average, boolean slow) {
        int memory = slow ? LONG_TERM * SLOW_TO_BELIEVE : LONG_TERM;
        usual = usual == 0 ? average : usual + (average - usual) * 2 / (memory + 1);
        if (usual > 2 * average) {
            usual *= 0.95; // it was slow for long and has recovered: forget faster
        }
    }

    /** Takes it that this is usual from now on. */
    void believe(double average) {
        usual = average;
    }

    /** The limit that follows; {@code gradient} is 1 for a usual window, less for a slow one. */
    static double next(double limit, double gradient) {
        double wanted = limit * Math.clamp(gradient, 0.5, 1.0) + Math.sqrt(limit);
        return limit * (1 - SMOOTHING) + wanted * SMOOTHING;
    }
}
