package dev.plinth.config;

import dev.plinth.secret.Decryptor;

/**
 * What opens the values of {@code enc_} keys, chosen by {@code secrets: { backend: ... }}. Thread-safe.
 *
 * <p>Its own settings can't be encrypted.
 */
public interface DecryptionBackend extends Backend {
    /** Fernet with a key file, unless something else is chosen. */
    Backends<DecryptionBackend> KIND =
            Backends.of(DecryptionBackend.class, new FernetBackend()).published("aws-kms", "dev.plinth:plinth-aws");

    /**
     * Called once in each reading of the configuration that has a value to open. What is returned is closed after it, where
     * it is {@link AutoCloseable}.
     *
     * @param settings of the class of {@link #settings()}
     * @param sources whose environment and working directory hold
     * @throws dev.plinth.secret.DecryptionException if the key can't be had
     */
    Decryptor open(Record settings, Sources sources);
}
