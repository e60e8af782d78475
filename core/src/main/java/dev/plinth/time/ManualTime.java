package dev.plinth.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;

/**
 * A {@link Time} that stands still until a test moves it, with chance from a fixed seed.
 *
 * <p>{@link #advance} runs the timers that fall due, each in its own order of time and on the calling thread, and wakes
 * the sleepers. To be sure that another thread has reached its sleep before time moves, wait with {@link
 * #awaitSleepers}.
 *
 * <p>Thread-safe. A timer's task must not block on something that only a later moment can release.
 */
public final class ManualTime implements Time {
    private final PriorityQueue<Pending> queue =
            new PriorityQueue<>(Comparator.comparingLong(Pending::due).thenComparingLong(Pending::order));
    private final Random random;
    private final Instant start;
    private long nanos;
    private long orders;
    private int sleepers;

    /** A time that begins at {@code 2026-01-01T00:00:00Z}, with the seed 1. */
    public ManualTime() {
        this(Instant.parse("2026-01-01T00:00:00Z"), 1);
    }

    /** A time that begins at {@code start}; {@code seed} fixes what {@link #random()} draws. */
    public ManualTime(Instant start, long seed) {
        this.start = start;
        this.random = new Random(seed);
    }

    @Override
    public synchronized Instant now() {
        return start.plusNanos(nanos);
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        if (!duration.isPositive()) {
            return;
        }
        var over = new CountDownLatch(1);
        Timer timer;
        synchronized (this) {
            timer = after(duration, over::countDown);
            sleepers++;
            notifyAll();
        }
        try {
            over.await();
        } finally {
            synchronized (this) {
                sleepers--;
                timer.cancel();
            }
        }
    }

    @Override
    public synchronized Timer after(Duration delay, Runnable task) {
        var pending = new Pending(nanos + Math.max(0, delay.toNanos()), orders++, task);
        queue.add(pending);
        return () -> {
            synchronized (this) {
                return queue.remove(pending);
            }
        };
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    /** Moves time by {@code duration}, stopping at each timer that falls due on the way. */
    public void advance(Duration duration) {
        long target;
        synchronized (this) {
            target = nanos + duration.toNanos();
        }
        while (true) {
            Pending next;
            synchronized (this) {
                next = queue.peek();
                if (next == null || next.due > target) {
                    nanos = target;
                    return;
                }
                queue.poll();
                nanos = Math.max(nanos, next.due);
            }
            next.task.run();
        }
    }

    /** Blocks until {@code count} threads or more are asleep on this time. */
    public synchronized void awaitSleepers(int count) throws InterruptedException {
        while (sleepers < count) {
            wait();
        }
    }

    /** The number of timers that are set, sleepers included. */
    public synchronized int pending() {
        return queue.size();
    }

    private record Pending(long due, long order, Runnable task) {}
}
