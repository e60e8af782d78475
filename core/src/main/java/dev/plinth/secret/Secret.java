package dev.plinth.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A text that prints as {@code ***}: in logs, errors, dumps and JSON alike.
 *
 * <p>Declare a component of a settings record as {@code Secret} and nothing can show it by mistake. Immutable. The text
 * stays in the heap until it is collected; a heap dump holds it.
 */
public final class Secret {
    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /** Hides {@code value}. */
    public static Secret of(String value) {
        return new Secret(value);
    }

    /** The text itself. Call it at the last moment, and keep the result nowhere. */
    public String reveal() {
        return value;
    }

    /** Whether {@code candidate} is the same text, in a time that doesn't tell how much of it was right. */
    public boolean matches(String candidate) {
        return MessageDigest.isEqual(
                value.getBytes(StandardCharsets.UTF_8), candidate.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && matches(secret.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
