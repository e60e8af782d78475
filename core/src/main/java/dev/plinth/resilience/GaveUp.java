package dev.plinth.resilience;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The mark on a failure that will not be repeated any more: a suppressed exception without a stack, which in turn holds
 * the failure of each attempt as suppressed, the first one first. Whoever meets it further out does not repeat the call.
 */
public final class GaveUp extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a call was not repeated. */
    public enum Reason {
        /** All attempts were made. */
        NO_ATTEMPTS_LEFT("no attempts left"),
        /** Twice may do harm, and it may have been done. */
        NOT_IDEMPOTENT("it may have been done, and twice may do harm"),
        /** The call is itself part of a repetition, here or at a caller. */
        NESTED("it is part of a repetition already"),
        /** Repetitions would have been too large a share of the calls. */
        BUDGET_SPENT("the retry budget is spent"),
        /** The next attempt could only have begun after the deadline. */
        DEADLINE("the deadline comes before the next attempt"),
        /** The thread was interrupted while it waited. */
        INTERRUPTED("interrupted between two attempts");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    private final Reason reason;
    private final int attempts;
    private final Duration elapsed;

    GaveUp(String name, Reason reason, int attempts, Duration elapsed, List<Throwable> failures) {
        super(
                "retry '" + name + "' gave up after " + attempts + (attempts == 1 ? " attempt" : " attempts") + " in "
                        + Failures.text(elapsed.toNanos()) + ": " + reason.text,
                null,
                true,
                false);
        this.reason = reason;
        this.attempts = attempts;
        this.elapsed = elapsed;
        for (var failure : failures) {
            addSuppressed(failure);
        }
    }

    /** The mark on {@code failure}; null where it carries none. */
    public static @Nullable GaveUp on(Throwable failure) {
        for (var mark : failure.getSuppressed()) {
            if (mark instanceof GaveUp gaveUp) {
                return gaveUp;
            }
        }
        return null;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** How many attempts were made. */
    public int attempts() {
        return attempts;
    }

    /** From the begin of the first to the end of the last. */
    public Duration elapsed() {
        return elapsed;
    }
}
