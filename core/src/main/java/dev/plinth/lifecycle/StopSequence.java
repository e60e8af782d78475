package dev.plinth.lifecycle;

import dev.plinth.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a stop, one after the other, each with its own deadline and its own log line.
 *
 * <p>A step that passes its deadline is interrupted and left behind; a step that throws is logged; neither hinders the
 * next.
 */
public final class StopSequence {
    private static final Logger LOG = LoggerFactory.getLogger(StopSequence.class);

    private record Step(String name, Duration limit, Action action) {}

    private final Time time;
    private final List<Step> steps = new ArrayList<>();

    /** No steps yet. */
    public StopSequence(Time time) {
        this.time = time;
    }

    /** Adds a step; what its action returns, if anything, is told in its log line. */
    public StopSequence step(String name, Duration limit, Action action) {
        steps.add(new Step(name, limit, action));
        return this;
    }

    /** Runs the steps. Returns whether all ended in time and without a failure. */
    public boolean run() {
        boolean clean = true;
        for (int i = 0; i < steps.size(); i++) {
            clean &= run(steps.get(i), "stop " + (i + 1) + "/" + steps.size() + " " + steps.get(i).name);
        }
        return clean;
    }

    private boolean run(Step step, String label) {
        long begin = time.nanos();
        var over = new CountDownLatch(1);
        var said = new AtomicReference<@Nullable String>();
        var failure = new AtomicReference<@Nullable Throwable>();
        var ended = new AtomicReference<Boolean>(false);
        var thread = Thread.ofVirtual().name("stop").start(() -> {
            try {
                said.set(step.action.run());
            } catch (Throwable thrown) {
                failure.set(thrown);
            }
            ended.set(true);
            over.countDown();
        });
        var timer = time.after(step.limit, over::countDown);
        boolean interrupted = false;
        while (true) {
            try {
                over.await();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        timer.cancel();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        long millis = (time.nanos() - begin) / 1_000_000;
        if (!ended.get()) {
            thread.interrupt();
            LOG.warn("{}: not done within {} ms, left behind", label, step.limit.toMillis());
            return false;
        }
        if (failure.get() != null) {
            LOG.warn("{}: failed after {} ms", label, millis, failure.get());
            return false;
        }
        LOG.info("{}: {} in {} ms", label, said.get() == null ? "done" : said.get(), millis);
        return true;
    }

    /** What a step does. */
    @FunctionalInterface
    public interface Action {
        /** Does it; returns what to say of it, or null for plain "done". */
        @Nullable
        String run() throws Exception;
    }
}
