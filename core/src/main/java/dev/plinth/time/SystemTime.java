package dev.plinth.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** The real thing. A timer costs one entry in a heap; its one platform thread ends when no timer was set for a while. */
final class SystemTime implements Time {
    static final SystemTime INSTANCE = new SystemTime();

    /** ThreadLocalRandom belongs to a thread, so each draw asks for the caller's. */
    private final RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();

    private SystemTime() {}

    /** Made with the first timer: whoever only asks for the time loads nothing of it. */
    private static final class Timers {
        static final ScheduledThreadPoolExecutor ALL = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("plinth-timer").factory());

        static {
            ALL.setKeepAliveTime(5, TimeUnit.SECONDS);
            ALL.allowCoreThreadTimeOut(true);
            ALL.setRemoveOnCancelPolicy(true);
        }
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        if (duration.isPositive()) {
            Thread.sleep(duration);
        }
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        var pending = Timers.ALL.schedule(
                () -> Thread.ofVirtual().name("plinth-timer-task").start(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> pending.cancel(false);
    }

    @Override
    public RandomGenerator random() {
        return random;
    }
}
