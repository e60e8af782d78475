package dev.plinth.secret;

/**
 * A token that can't be opened, or a key that can't be had. The message says why and what to do, and holds neither the
 * token nor a key; read after the name of the token it is a sentence: {@code "was made with another key"}.
 */
public final class DecryptionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With what is wrong. */
    public DecryptionException(String message) {
        super(message);
    }

    /** With what is wrong, and the failure below it, which must hold no secret either. */
    public DecryptionException(String message, Throwable cause) {
        super(message, cause);
    }
}
