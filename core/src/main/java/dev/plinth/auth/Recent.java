package dev.plinth.auth;

import dev.plinth.time.Time;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Judged credentials of the last moments, a bounded number. Not they are kept but their code under a key that this process
 * drew by chance, so that a dump of the heap is no list of passwords. Thread-safe.
 */
final class Recent {
    private static final int MOST = 1_000;
    private static final SecretKeySpec KEY = key();

    private final Time time;
    private final long life;
    private final Map<ByteBuffer, Long> until = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Long> eldest) {
            return size() > MOST;
        }
    };

    Recent(Time time, Duration life) {
        this.time = time;
        this.life = life.toNanos();
    }

    private static SecretKeySpec key() {
        var chance = new byte[32];
        new SecureRandom().nextBytes(chance);
        return new SecretKeySpec(chance, "HmacSHA256");
    }

    /** What stands for these together. */
    ByteBuffer key(String... parts) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(KEY);
            for (var part : parts) {
                var bytes = part.getBytes(StandardCharsets.UTF_8);
                mac.update(ByteBuffer.allocate(4).putInt(0, bytes.length));
                mac.update(bytes);
            }
            return ByteBuffer.wrap(mac.doFinal());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible); // every JDK has it
        }
    }

    synchronized boolean contains(ByteBuffer key) {
        var end = until.get(key);
        if (end != null && end - time.nanos() <= 0) {
            until.remove(key);
            return false;
        }
        return end != null;
    }

    synchronized void add(ByteBuffer key) {
        until.put(key, time.nanos() + life);
    }
}
