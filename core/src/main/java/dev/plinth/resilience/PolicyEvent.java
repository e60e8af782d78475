package dev.plinth.resilience;

import java.time.Duration;

/** Something that a policy did. A call that simply succeeds makes none. Immutable. */
public sealed interface PolicyEvent {
    /** The name of the policy. */
    String name();

    /**
     * A circuit went to another state.
     *
     * @param why in words, with the figures that led to it
     */
    record CircuitChanged(String name, BreakerState from, BreakerState to, String why) implements PolicyEvent {}

    /**
     * A call is going to be made again.
     *
     * @param attempt which one is next: 2 is the first repetition
     * @param delay the wait before it
     * @param why the failure that led to it, in words
     */
    record Retried(String name, int attempt, Duration delay, String why) implements PolicyEvent {}

    /** A call that failed is not made again, although the failure might pass. */
    record GivenUp(String name, GaveUp mark) implements PolicyEvent {}

    /**
     * A call was refused.
     *
     * @param kind which policy refused it, such as {@code bulkhead}
     * @param code that of the problem, such as {@code BULKHEAD_FULL}
     */
    record Rejected(String kind, String name, String code) implements PolicyEvent {}

    /** A call took too long and was interrupted. */
    record TimedOut(String name, Duration after) implements PolicyEvent {}

    /** A call was slow, and a second one set off beside it. */
    record Hedged(String name, int attempt) implements PolicyEvent {}

    /** A failure was answered by the fallback. */
    record FellBack(String name, Throwable failure) implements PolicyEvent {}
}
