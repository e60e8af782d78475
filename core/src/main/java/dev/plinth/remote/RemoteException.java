package dev.plinth.remote;

/**
 * Another system, such as a registry or a store of configuration, could not be asked or gave an answer that is none. The
 * text names the system, the call, and what went wrong; it never holds a secret or a body.
 */
public final class RemoteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Without a cause. */
    public RemoteException(String message) {
        super(message);
    }

    /** With the failure below it. */
    public RemoteException(String message, Throwable cause) {
        super(message, cause);
    }
}
