package dev.plinth.client;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers that carried an {@code ETag}, to be shown again when the other side says that they still hold (RFC 9110, section
 * 13). The least recently used go first when their bytes are more than the limit. Thread-safe.
 */
final class EtagCache {
    /** What an entry takes beside its bytes, about. */
    private static final int OVERHEAD = 512;

    /** One answer; immutable as long as nobody writes into its arrays. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
    record Entry(String etag, int status, String[] fields, byte[] bytes) {}

    private final long limit;
    private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);
    private long size;

    EtagCache(long limit) {
        this.limit = limit;
    }

    synchronized @Nullable Entry get(String key) {
        return entries.get(key);
    }

    synchronized void put(String key, Entry entry) {
        remove(key);
        long cost = cost(key, entry);
        if (cost > limit / 4) {
            return;
        }
        entries.put(key, entry);
        size += cost;
        var oldest = entries.entrySet().iterator();
        while (size > limit) {
            var out = oldest.next();
            size -= cost(out.getKey(), out.getValue());
            oldest.remove();
        }
    }

    synchronized void remove(String key) {
        var old = entries.remove(key);
        if (old != null) {
            size -= cost(key, old);
        }
    }

    private static long cost(String key, Entry entry) {
        long cost = OVERHEAD + 2L * key.length() + entry.bytes().length;
        for (var field : entry.fields()) {
            cost += 2L * field.length();
        }
        return cost;
    }

    synchronized int count() {
        return entries.size();
    }
}
