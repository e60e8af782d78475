package dev.plinth.jwt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Claims of tokens whose signature was checked, a bounded number, by the digests of the tokens. Only what was signed comes in,
 * so nobody else can fill it; it holds for as long as the keys are the same, and everything but the signature is judged anew
 * each time. Thread-safe.
 */
final class Verified {
    private static final int MOST = 1_000;

    private record Held(Object keys, Map<String, Object> claims) {}

    private final Map<ByteBuffer, Held> entries = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Held> eldest) {
            return size() > MOST;
        }
    };

    static ByteBuffer digest(String token) {
        try {
            return ByteBuffer.wrap(
                    MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // every JDK has it
        }
    }

    /** The claims of that token, if it was checked by these keys. */
    @SuppressWarnings("ReferenceEquality") // the very keys, which stay the same object for as long as they are the same
    synchronized @Nullable Map<String, Object> claims(ByteBuffer digest, Object keys) {
        var entry = entries.get(digest);
        return entry == null || entry.keys != keys ? null : entry.claims;
    }

    synchronized void add(ByteBuffer digest, Object keys, Map<String, Object> claims) {
        entries.put(digest, new Held(keys, claims));
    }
}
