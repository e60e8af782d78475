package dev.plinth.auth;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells who sent a request, by what it brings.
 *
 * <p>It is asked for every request of a guarded listener, on the thread of the request and within its deadline, so it
 * holds what it needs at hand. Thread-safe.
 */
public interface Authenticator extends AutoCloseable {
    /** The {@link #source} of what looks at the certificate of the connection. */
    String CERTIFICATE = "certificate";

    /**
     * Judges what the request brings.
     *
     * @throws InterruptedException if the request is given up
     */
    Verdict authenticate(Evidence evidence) throws InterruptedException;

    /**
     * What it looks at, such as {@code Authorization: Bearer}: of several that look at the same, one must accept what is
     * there.
     */
    String source();

    /**
     * The value of {@code WWW-Authenticate} that tells a caller what is wanted (RFC 9110, section 11.6.1).
     *
     * @param realm the service, to be quoted
     * @param refused whether something was brought, and did not hold
     */
    String challenge(String realm, boolean refused);

    /** Its security scheme for an OpenAPI document, such as {@code type: http, scheme: bearer}. */
    Map<String, Object> scheme();

    /** All roles that it can give at this moment; empty where that can't be told. */
    default Optional<Set<String>> roles() {
        return Optional.empty();
    }

    /** Fetches what the first request would wait for. Called once when the service is ready, on a thread of its own. */
    default void warmUp() {}

    /** Lets go of what it holds. */
    @Override
    default void close() {}
}
