package dev.plinth.http;

/**
 * A switch: while it is on, a listener answers 503 {@code MAINTENANCE} with {@code Retry-After} to all but probes.
 *
 * <p>Thread-safe.
 */
public final class Maintenance {
    private volatile boolean on;

    /** Off. */
    public Maintenance() {}

    /** Whether it is on. */
    public boolean isOn() {
        return on;
    }

    /** Switches. */
    public void set(boolean toOn) {
        on = toOn;
    }
}
