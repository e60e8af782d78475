package dev.plinth.discovery;

/**
 * A registry, or another foreign system, could not be asked or gave an answer that is none. The text names the system,
 * the call, and what went wrong; it never holds a secret or a body.
 */
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Without a cause. */
    public RegistryException(String message) {
        super(message);
    }

    /** With the failure below it. */
    public RegistryException(String message, Throwable cause) {
        super(message, cause);
    }
}
