package dev.plinth.config;

/**
 * The remote tree of the configuration can't be read, so nobody knows whether the configuration is right. The message is
 * meant for a person and complete: each address with its failure, and what to do.
 */
public final class BootException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BootException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * What the process exits with: 1, as after any start that failed and may succeed the next time. Not 78, after which a
     * supervisor gives up until somebody has changed something.
     */
    public int exitCode() {
        return 1;
    }
}
