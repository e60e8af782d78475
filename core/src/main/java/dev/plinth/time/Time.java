package dev.plinth.time;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * The clock, the sleeper, and the source of chance: all that makes two runs of one program differ.
 *
 * <p>Every wait, time-out, back-off and jitter of the chassis goes through the one {@code Time} that the service was
 * started with, so that a test replaces it by {@link ManualTime} and moves hours in milliseconds. Secrets, tokens and
 * public ids never come from {@link #random()}: they take {@link java.security.SecureRandom}.
 *
 * <p>Thread-safe.
 */
public interface Time {
    /** The wall clock, for time stamps that leave the process. It may jump; don't measure with it. */
    Instant now();

    /** Nanoseconds of a monotonic clock with an arbitrary origin, for measuring and for deadlines. */
    long nanos();

    /**
     * Blocks the calling thread for {@code duration}; zero or less returns at once.
     *
     * @throws InterruptedException if the thread is interrupted before the time is over
     */
    void sleep(Duration duration) throws InterruptedException;

    /**
     * Runs {@code task} once when {@code delay} is over, on a virtual thread of its own. Nothing runs after {@link
     * Timer#cancel()} returned true.
     */
    Timer after(Duration delay, Runnable task);

    /** Jitter, sampling and balancing draw from here. Never use it for anything that must not be guessed. */
    RandomGenerator random();

    /** The machine's own clock, sleeper and chance. One for the process: it holds no thread until a timer is set. */
    static Time system() {
        return SystemTime.INSTANCE;
    }

    /** A pending {@link #after} task. */
    interface Timer {
        /** Returns true if the task had not begun and now never will. */
        boolean cancel();
    }
}
