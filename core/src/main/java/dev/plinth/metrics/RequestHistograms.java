package dev.plinth.metrics;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the series of a request without making a key: open addressing over strings whose hash is already known to them.
 *
 * <p>Reading takes no lock. A slot is immutable, so that one read too early is either missing or whole, and a missing one
 * is looked for again under the lock.
 */
final class RequestHistograms {
    private final HistogramFamily family;
    private volatile @Nullable Slot[] slots = new @Nullable Slot[64];
    private int used;

    /** @param family its first label is the side that the request is told apart by: who is called, or the listener */
    RequestHistograms(HistogramFamily family) {
        this.family = family;
    }

    private record Slot(String peer, String method, String uri, int status, Histogram histogram) {
        boolean matches(String otherPeer, String otherMethod, String otherUri, int otherStatus) {
            return status == otherStatus
                    && uri.equals(otherUri)
                    && method.equals(otherMethod)
                    && peer.equals(otherPeer);
        }
    }

    Histogram get(String peer, String method, String uri, int status) {
        var table = slots;
        for (int i = index(peer, method, uri, status, table.length); ; i = (i + 1) & (table.length - 1)) {
            var slot = table[i];
            if (slot == null) {
                return create(peer, method, uri, status);
            }
            if (slot.matches(peer, method, uri, status)) {
                return slot.histogram;
            }
        }
    }

    private static int index(String peer, String method, String uri, int status, int length) {
        int hash = ((peer.hashCode() * 31 + method.hashCode()) * 31 + uri.hashCode()) * 31 + status;
        return (hash ^ (hash >>> 16)) & (length - 1);
    }

    private synchronized Histogram create(String peer, String method, String uri, int status) {
        var statusLabel = status == 0 ? "NO_ANSWER" : Integer.toString(status);
        var histogram = family.series(List.of(peer, method, uri, statusLabel));
        if (!family.isOther(histogram)) {
            insert(new Slot(peer, method, uri, status, histogram));
        }
        return histogram;
    }

    private void insert(Slot slot) {
        var table = slots;
        int free = free(table, slot);
        if (free < 0) {
            return; // another thread was faster
        }
        if ((used + 1) * 2 > table.length) {
            var larger = new @Nullable Slot[table.length * 2];
            for (var moved : table) {
                if (moved != null) {
                    larger[free(larger, moved)] = moved;
                }
            }
            larger[free(larger, slot)] = slot;
            slots = larger;
        } else {
            table[free] = slot;
        }
        used++;
    }

    /** Where {@code slot} belongs; -1 if it is there. */
    private static int free(@Nullable Slot[] table, Slot slot) {
        int i = index(slot.peer, slot.method, slot.uri, slot.status, table.length);
        for (; ; i = (i + 1) & (table.length - 1)) {
            var found = table[i];
            if (found == null) {
                return i;
            }
            if (found.matches(slot.peer, slot.method, slot.uri, slot.status)) {
                return -1;
            }
        }
    }

    /** Methods are the client's choice; those that nobody defined share one name. */
    static String method(String method) {
        return switch (method) {
            case "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH" -> method;
            default -> Overflow.OTHER;
        };
    }
}
