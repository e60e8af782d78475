package dev.plinth.context;

import dev.plinth.error.Problem;
import dev.plinth.time.Time;
import java.time.Duration;

/**
 * The moment after which nobody waits for the answer any more.
 *
 * <p>It is kept on the monotonic clock of one {@link Time}, and travels between processes as the milliseconds that are
 * left ({@code X-Request-Timeout-Ms}), so that no two clocks need to agree. Immutable.
 *
 * @param time the clock that it is measured on
 * @param atNanos the moment, in {@link Time#nanos()}
 */
public record Deadline(Time time, long atNanos) {
    /** A deadline {@code duration} from now. */
    public static Deadline after(Time time, Duration duration) {
        return new Deadline(time, time.nanos() + duration.toNanos());
    }

    /** What is left; zero when it has passed, never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, atNanos - time.nanos()));
    }

    /** Whether it has passed. */
    public boolean expired() {
        return atNanos - time.nanos() <= 0;
    }

    /** The smaller of {@code limit} and {@link #remaining()}: the time-out to give to whatever waits next. */
    public Duration atMost(Duration limit) {
        var remaining = remaining();
        return remaining.compareTo(limit) < 0 ? remaining : limit;
    }

    /** The earlier of the two. */
    public Deadline earlier(Deadline other) {
        return atNanos - other.atNanos <= 0 ? this : other;
    }

    /**
     * Refuses work that comes too late.
     *
     * @throws Problem 504 {@code DEADLINE_EXCEEDED} if it has passed; {@code what} begins the text
     */
    public void check(String what) {
        if (expired()) {
            throw Problem.deadlineExceeded(what + ": the deadline has passed");
        }
    }
}
