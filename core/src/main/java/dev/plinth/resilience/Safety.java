package dev.plinth.resilience;

/** Whether a call may be made a second time. It is the caller who knows, so it is asked for and never guessed. */
public enum Safety {
    /**
     * Twice does what once does: reads, {@code PUT}, {@code DELETE}, or anything that carries an idempotency key. Repeated
     * after every failure that may pass.
     */
    IDEMPOTENT,
    /** Twice may do harm: repeated only where it is certain that the first never reached the other side. */
    AT_MOST_ONCE,
    /** One attempt and no more was asked for: never repeated. */
    ONCE
}
