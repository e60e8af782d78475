package dev.plinth.lifecycle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens components in the order in which they were added and closes them in reverse.
 *
 * <p>A failed start closes what had opened; what fails on the way back is suppressed in the first failure. The state may
 * be read by any thread; all else belongs to the one that starts and stops.
 */
public final class Lifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

    private record Named(String name, Component component) {}

    private final List<Named> added = new ArrayList<>();
    private final Deque<Named> open = new ArrayDeque<>();
    private volatile State state = State.NEW;

    /** Nothing added yet. */
    public Lifecycle() {}

    /**
     * Adds a component.
     *
     * @throws IllegalStateException once the start has begun
     * @throws IllegalArgumentException if the name is taken
     */
    public void add(String name, Component component) {
        add(added.size(), name, component);
    }

    /** Adds a component that is opened before all others and closed after them; fails as {@link #add} does. */
    public void addFirst(String name, Component component) {
        add(0, name, component);
    }

    private void add(int index, String name, Component component) {
        if (state != State.NEW) {
            throw new IllegalStateException("component '" + name + "' was added while the service is " + state
                    + ". Add components in compose, before the start.");
        }
        for (var other : added) {
            if (other.name.equals(name)) {
                throw new IllegalArgumentException(
                        "component '" + name + "' is there already. Give each a name of its own.");
            }
        }
        added.add(index, new Named(name, component));
    }

    /** Where it stands. */
    public State state() {
        return state;
    }

    /** The names, in the order of the start. */
    public List<String> names() {
        return added.stream().map(Named::name).toList();
    }

    /**
     * Opens all.
     *
     * @throws StartFailed naming the component that failed, its exception the cause, what failed on the way back
     *     suppressed
     */
    public void start() {
        advance(State.NEW, State.STARTING);
        for (var next : added) {
            try {
                next.component.start();
                open.push(next);
            } catch (Exception | LinkageError failed) {
                var failure = new StartFailed(next.name, failed);
                close(failure);
                state = State.FAILED;
                throw failure;
            }
        }
    }

    private void close(StartFailed failure) {
        while (!open.isEmpty()) {
            var last = open.pop();
            try {
                last.component.stop();
            } catch (Exception alsoFailed) {
                failure.addSuppressed(alsoFailed);
            }
        }
    }

    /** Says that all is open and answering. */
    public void running() {
        advance(State.STARTING, State.RUNNING);
    }

    /** Says that the stop sequence has begun; false if it had begun before, or there is nothing to stop. */
    public synchronized boolean stopping() {
        if (state != State.RUNNING) {
            return false;
        }
        state = State.STOPPING;
        return true;
    }

    /** What is open, the last opened first: the order in which to close. */
    public List<String> openNames() {
        return open.stream().map(Named::name).toList();
    }

    /** Closes the component that opened last; what it throws is logged and doesn't hinder the rest. */
    public void stopLast() {
        var last = open.pop();
        try {
            last.component.stop();
        } catch (Exception failed) {
            LOG.warn("component {} failed to stop", last.name, failed);
        }
    }

    /** Says that all is closed. */
    public void stopped() {
        advance(State.STOPPING, State.STOPPED);
    }

    private synchronized void advance(State from, State to) {
        if (state != from) {
            throw new IllegalStateException("can't become " + to + " from " + state + " (expected: " + from + ")");
        }
        state = to;
    }

    /** A component could not be opened. */
    public static final class StartFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private StartFailed(String component, Throwable cause) {
            super("'" + component + "' could not start: " + cause.getMessage(), cause);
        }
    }
}
