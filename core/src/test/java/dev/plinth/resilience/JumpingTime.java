package dev.plinth.resilience;

import dev.plinth.time.ManualTime;
import dev.plinth.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A time by hand that moves by itself where somebody sleeps, so that one thread can test what waits. */
final class JumpingTime implements Time {
    final ManualTime manual = new ManualTime();
    final List<Duration> slept = new ArrayList<>();

    @Override
    public Instant now() {
        return manual.now();
    }

    @Override
    public long nanos() {
        return manual.nanos();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        slept.add(duration);
        manual.advance(duration);
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        return manual.after(delay, task);
    }

    @Override
    public RandomGenerator random() {
        return manual.random();
    }

    void advance(Duration duration) {
        manual.advance(duration);
    }
}
