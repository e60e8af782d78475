package dev.plinth.resilience;

/**
 * Who gives way when there is too much to do.
 *
 * <p>Choose {@link #LOW} for what a caller repeats later without harm (reports, prefetching, batches), {@link #HIGH} for
 * the few routes that must be answered even if others are not (pay, log in), and nothing for the rest.
 */
public enum Priority {
    /** Refused first: at most half of all places, and none for a second after anything else had to be refused. */
    LOW(0.5),
    /** What nothing is said about: nine tenths of all places. */
    NORMAL(0.9),
    /** Refused last. */
    HIGH(1);

    private final double share;

    Priority(double share) {
        this.share = share;
    }

    /** How many of so many places it may take; at least one. */
    public int of(int places) {
        return Math.max(1, (int) Math.ceil(places * share));
    }
}
