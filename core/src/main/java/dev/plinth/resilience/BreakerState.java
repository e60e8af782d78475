package dev.plinth.resilience;

/** Where a circuit stands. */
public enum BreakerState {
    /** Calls pass and are counted. */
    CLOSED,
    /** Calls are refused. */
    OPEN,
    /** A few trial calls pass; the others are refused. */
    HALF_OPEN
}
