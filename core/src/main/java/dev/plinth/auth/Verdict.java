package dev.plinth.auth;

import dev.plinth.context.Principal;
import java.time.Duration;

/** What an authenticator says of a request. Immutable. */
public sealed interface Verdict {
    /** The request brings nothing of this kind. */
    Verdict ABSENT = new Absent();

    /** The request brings nothing of this kind. */
    record Absent() implements Verdict {}

    /** The caller is known. */
    record Accepted(Principal principal) implements Verdict {}

    /**
     * What the request brings does not hold.
     *
     * @param reason for the log, and never for the caller; without any secret
     */
    record Refused(String reason) implements Verdict {}

    /**
     * It can't be told now, since what is needed to judge it is not there.
     *
     * @param reason for the log, and never for the caller
     * @param retryAfter when the caller may try again
     */
    record Unavailable(String reason, Duration retryAfter) implements Verdict {}
}
