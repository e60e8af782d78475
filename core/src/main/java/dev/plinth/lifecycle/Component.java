package dev.plinth.lifecycle;

/**
 * Something that is opened when the service starts and closed when it stops: a pool, a listener, a worker.
 *
 * <p>Constructing one opens nothing. {@link #start} is called once at most, {@link #stop} once at most and only after a
 * {@code start} that returned; both by one thread.
 */
public interface Component {
    /** Opens it. What it throws fails the service's start. */
    default void start() throws Exception {}

    /** Closes it. It has the time that {@code stop.component-timeout} gives; then it is interrupted. */
    default void stop() throws Exception {}
}
