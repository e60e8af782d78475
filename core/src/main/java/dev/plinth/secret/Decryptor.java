package dev.plinth.secret;

/**
 * Opens the tokens that stand under {@code enc_} keys of a configuration: {@link Fernet} does, and so can the key
 * management of a cloud. Thread-safe.
 */
@FunctionalInterface
public interface Decryptor {
    /**
     * The text that {@code token} hides.
     *
     * @param token without blanks around it
     * @throws DecryptionException if it can't be opened
     */
    Secret decrypt(String token);
}
