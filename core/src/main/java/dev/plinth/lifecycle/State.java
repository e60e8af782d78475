package dev.plinth.lifecycle;

/** Where a service stands between birth and end. It only ever moves forward. */
public enum State {
    /** Composed, nothing opened. */
    NEW,
    /** Components are opening, in the order in which they were asked for. */
    STARTING,
    /** All are open; the service is ready. */
    RUNNING,
    /** The stop sequence runs. */
    STOPPING,
    /** Ended as asked. */
    STOPPED,
    /** The start failed; what had opened is closed again. */
    FAILED
}
