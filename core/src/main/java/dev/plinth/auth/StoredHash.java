package dev.plinth.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What is stored of a key or a password, by which it can be told again and not found out: {@code sha256:HASH} of a key that
 * was drawn by chance, where a plain digest is enough, since nobody can try 2^128 of them; {@code
 * pbkdf2-sha256:ROUNDS:SALT:HASH} of a password that a person made up, slow on purpose (RFC 8018). {@code plinth key api} and
 * {@code plinth hash} make them. Immutable.
 */
public final class StoredHash {
    /** OWASP Password Storage Cheat Sheet, 2023. */
    private static final int ROUNDS = 600_000;

    private static final Pattern KEY = Pattern.compile("sha256:([A-Za-z0-9_-]{43})");
    private static final Pattern PASSWORD =
            Pattern.compile("pbkdf2-sha256:([1-9][0-9]{0,8}):([A-Za-z0-9_-]{22,86}):([A-Za-z0-9_-]{43})");

    /** 0 for a key. */
    private final int rounds;

    private final byte[] salt;
    private final byte[] hash;

    private StoredHash(int rounds, byte[] salt, byte[] hash) {
        this.rounds = rounds;
        this.salt = salt;
        this.hash = hash;
    }

    /** A new key of 256 bits of chance, to be given to its caller. Its beginning tells scanners of code what it is. */
    public static String newKey() {
        return "plk_" + encode(chance(32));
    }

    /** Of a key with at least 128 bits of chance in it; of anything else it could be found out by trying. */
    public static StoredHash ofKey(String key) {
        return new StoredHash(0, new byte[0], digest(key));
    }

    /** Of a password, with a salt of its own. It takes some tenths of a second, as each guess will. */
    public static StoredHash ofPassword(String password) {
        return ofPassword(password, ROUNDS);
    }

    static StoredHash ofPassword(String password, int rounds) {
        var salt = chance(16);
        return new StoredHash(rounds, salt, derive(password, salt, rounds));
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is none; its text is not told
     */
    public static StoredHash parse(String text) {
        var key = KEY.matcher(text);
        if (key.matches()) {
            return new StoredHash(0, new byte[0], decode(key.group(1)));
        }
        var password = PASSWORD.matcher(text);
        if (!password.matches()) {
            throw new IllegalArgumentException(
                    "no hash (expected: sha256:… as plinth key api prints it, or pbkdf2-sha256:… as plinth hash does)");
        }
        int rounds = Integer.parseInt(password.group(1));
        if (rounds < 100_000 || rounds > 10_000_000) {
            throw new IllegalArgumentException("a hash of " + rounds + " rounds (expected: 100000..10000000)");
        }
        return new StoredHash(rounds, decode(password.group(2)), decode(password.group(3)));
    }

    /** Whether it is of a password, so that {@link #matches} is slow. */
    public boolean isSlow() {
        return rounds > 0;
    }

    int rounds() {
        return rounds;
    }

    /** Whether {@code candidate} is what was stored, in a time that doesn't tell how much of it was right. */
    public boolean matches(String candidate) {
        return MessageDigest.isEqual(hash, isSlow() ? derive(candidate, salt, rounds) : digest(candidate));
    }

    /** As it is written in a configuration. */
    public String text() {
        return isSlow()
                ? "pbkdf2-sha256:" + rounds + ":" + encode(salt) + ":" + encode(hash)
                : "sha256:" + encode(hash);
    }

    /** Without what could be tried on. */
    @Override
    public String toString() {
        return isSlow() ? "pbkdf2-sha256:***" : "sha256:***";
    }

    private static byte[] chance(int length) {
        var bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // every JDK has it
        }
    }

    private static byte[] derive(String password, byte[] salt, int rounds) {
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, rounds, 256))
                    .getEncoded();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible); // every JDK has it
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] decode(String text) {
        return Base64.getUrlDecoder().decode(text);
    }
}
