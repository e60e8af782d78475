package dev.plinth.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One server-sent event. Immutable.
 *
 * @param id what a client that comes back names as the last one it has seen; null for none
 * @param name which kind it is, for listeners of that kind; null is {@code message}
 * @param data text as it is, anything else as JSON
 * @param retry how long the client is to wait before it comes back when the stream breaks; null leaves it as it was
 */
public record Event(@Nullable String id, @Nullable String name, Object data, @Nullable Duration retry) {
    /**
     * Judges it.
     *
     * @throws IllegalArgumentException if id or name hold a line end or NUL, which would begin another field
     */
    public Event {
        check("id", id);
        check("name", name);
    }

    private static void check(String what, @Nullable String text) {
        for (int i = 0; text != null && i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r' || c == '\n' || c == 0) {
                throw new IllegalArgumentException(
                        "event " + what + " holds a line end or NUL at " + i + ". Leave it out.");
            }
        }
    }

    /** An event with that data. */
    public static Event of(Object data) {
        return new Event(null, null, data, null);
    }

    /** The same with an id. */
    public Event withId(String newId) {
        return new Event(newId, name, data, retry);
    }

    /** The same of that kind. */
    public Event withName(String newName) {
        return new Event(id, newName, data, retry);
    }

    /** The same with the time after which a client comes back. */
    public Event withRetry(Duration newRetry) {
        return new Event(id, name, data, newRetry);
    }
}
