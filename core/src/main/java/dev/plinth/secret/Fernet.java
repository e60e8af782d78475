package dev.plinth.secret;

import dev.plinth.time.Time;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hides texts in tokens that only the holder of a key can open, and nobody else can change: AES-128 in CBC mode with an
 * HMAC-SHA256 over all of it, as the <a href="https://github.com/fernet/spec">Fernet specification</a> has it, so that
 * other languages' Fernet reads the same tokens.
 *
 * <p>The first key encrypts, each of them decrypts: a new key is put first, and the old ones leave when no token of theirs
 * is left. A token tells when it was made, and about how long its text is. Thread-safe.
 */
public final class Fernet implements Decryptor {
    private static final int VERSION = 0x80;
    private static final int BLOCK = 16;
    private static final int HEAD = 1 + Long.BYTES + BLOCK;
    private static final int MAC = 32;
    private static final int KEY = 32;
    private static final long SKEW = 60;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final List<byte[]> keys;
    private final Time time;

    private Fernet(List<byte[]> keys, Time time) {
        this.keys = keys;
        this.time = time;
    }

    /**
     * With the given keys, the newest first.
     *
     * @param keys each 32 bytes in URL-safe Base64, with or without padding, such as {@link #newKey} makes
     * @param time whose clock stamps tokens and judges their age
     * @throws IllegalArgumentException if there is no key, or one is not of that form; the message doesn't hold it
     */
    public static Fernet of(List<Secret> keys, Time time) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("no key");
        }
        var decoded = new ArrayList<byte[]>();
        for (var key : keys) {
            decoded.add(decode(key));
        }
        return new Fernet(List.copyOf(decoded), time);
    }

    private static byte[] decode(Secret key) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(key.reveal());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the key is not Base64 of the kind for URLs (expected: " + KEY_FORM + ")");
        }
        if (bytes.length != KEY) {
            throw new IllegalArgumentException(
                    "the key has " + bytes.length + " bytes (expected: 32, which are " + KEY_FORM + ")");
        }
        return bytes;
    }

    private static final String KEY_FORM = "44 characters of A-Z, a-z, 0-9, -, _ and = at the end";

    /** A key that nobody has yet: 32 random bytes as 44 characters. */
    public static Secret newKey() {
        var bytes = new byte[KEY];
        RANDOM.nextBytes(bytes);
        return Secret.of(Base64.getUrlEncoder().encodeToString(bytes));
    }

    /** A token of {@code text}, made with the first key; each call gives another one. */
    public String encrypt(Secret text) {
        var iv = new byte[BLOCK];
        RANDOM.nextBytes(iv);
        return encrypt(text, time.now(), iv);
    }

    String encrypt(Secret text, Instant now, byte[] iv) {
        var key = keys.getFirst();
        try {
            var cipher = cipher(Cipher.ENCRYPT_MODE, key, iv);
            var hidden = cipher.doFinal(text.reveal().getBytes(StandardCharsets.UTF_8));
            var token = ByteBuffer.allocate(HEAD + hidden.length + MAC);
            token.put((byte) VERSION).putLong(now.getEpochSecond()).put(iv).put(hidden);
            token.put(mac(key, token.array(), token.position()));
            return Base64.getUrlEncoder().encodeToString(token.array());
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /**
     * The text of a token of any age.
     *
     * @throws DecryptionException if it is no token, was made with another key or changed since, or holds no text
     */
    @Override
    public Secret decrypt(String token) {
        var bytes = bytes(token);
        return text(bytes, maker(bytes));
    }

    /**
     * The text of a token that is not older than {@code ttl}, nor from further ahead than clocks differ (60 s).
     *
     * @throws DecryptionException if it is too old, from the future, no token, was made with another key or changed
     *     since, or holds no text
     */
    public Secret decrypt(String token, Duration ttl) {
        var bytes = bytes(token);
        var key = maker(bytes);
        long made = ByteBuffer.wrap(bytes).getLong(1);
        long now = time.now().getEpochSecond();
        if (made < 0 || made > now + SKEW) {
            throw new DecryptionException("was made in the future (do the clocks differ?)");
        }
        if (now - made > ttl.toSeconds()) {
            throw new DecryptionException(
                    "has expired: it is " + (now - made) + " s old (expected: at most " + ttl.toSeconds() + " s)");
        }
        return text(bytes, key);
    }

    private static byte[] bytes(String token) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            throw new DecryptionException("is no Fernet token: it is not Base64 of the kind for URLs");
        }
        if (bytes.length == 0 || (bytes[0] & 0xFF) != VERSION) {
            throw new DecryptionException("is no Fernet token: it doesn't begin with gA");
        }
        int hidden = bytes.length - HEAD - MAC;
        if (hidden < BLOCK || hidden % BLOCK != 0) {
            throw new DecryptionException("is not a whole Fernet token: a part of it is missing, or there is too much");
        }
        return bytes;
    }

    /** The key that made the token; all are tried, so that time doesn't tell which it was. */
    private byte[] maker(byte[] token) {
        byte[] maker = null;
        try {
            var given = Arrays.copyOfRange(token, token.length - MAC, token.length);
            for (var key : keys) {
                if (MessageDigest.isEqual(given, mac(key, token, token.length - MAC)) && maker == null) {
                    maker = key;
                }
            }
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
        if (maker == null) {
            throw new DecryptionException("was made with another key, or changed since");
        }
        return maker;
    }

    private static Secret text(byte[] token, byte[] key) {
        try {
            var cipher = cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOfRange(token, HEAD - BLOCK, HEAD));
            var bytes = cipher.doFinal(token, HEAD, token.length - HEAD - MAC);
            return Secret.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (BadPaddingException e) {
            throw new DecryptionException("was made wrongly: its padding is none");
        } catch (CharacterCodingException e) {
            throw new DecryptionException("holds no text (expected: UTF-8)");
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] iv) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(mode, new SecretKeySpec(key, KEY / 2, KEY / 2, "AES"), new IvParameterSpec(iv));
        return cipher;
    }

    private static byte[] mac(byte[] key, byte[] bytes, int length) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, 0, KEY / 2, "HmacSHA256"));
        mac.update(bytes, 0, length);
        return mac.doFinal();
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("this JDK lacks AES or HMAC-SHA256, which every JDK must have", e);
    }
}
