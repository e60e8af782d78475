package dev.plinth.resilience;

/**
 * The mark on a problem that a policy on this side refused the call, and the other side has nothing to do with it: a
 * suppressed exception without a stack. A problem of the same code that came over the wire doesn't carry it.
 */
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String kind, String name) {
        super("refused by " + kind + " '" + name + "'", null, false, false);
    }

    /** Whether {@code failure} is the refusal of a policy in this process. */
    public static boolean is(Throwable failure) {
        for (var mark : failure.getSuppressed()) {
            if (mark instanceof Refused) {
                return true;
            }
        }
        return false;
    }
}
