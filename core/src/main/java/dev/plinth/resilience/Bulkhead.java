package dev.plinth.resilience;

import dev.plinth.error.Problem;
import dev.plinth.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many calls to one target run at one time, so that a slow one takes a part of the service and not all of it.
 *
 * <pre>{@code
 * var bulkhead = Bulkhead.of("pricing", BulkheadConfig.defaults(), Time.system());
 * Quote quote = bulkhead.call(() -> fetch(item));
 * }</pre>
 *
 * <p>Where it is full a call waits its turn, first come first served, for {@link BulkheadConfig#maxWait} at most and never
 * beyond the deadline of the context. Thread-safe.
 */
public final class Bulkhead implements Policy {
    private final String name;
    private final BulkheadConfig config;
    private final Policies policies;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Waiter> waiting = new ArrayDeque<>();
    private final LongAdder refused = new LongAdder();
    private int running;

    private Bulkhead(String name, BulkheadConfig config, Policies policies) {
        this.name = name;
        this.config = config;
        this.policies = policies;
        this.time = policies.time();
    }

    /** One to be used alone. */
    public static Bulkhead of(String name, BulkheadConfig config, Time time) {
        return of(name, config, new Policies(time));
    }

    /**
     * One of a service's.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    public static Bulkhead of(String name, BulkheadConfig config, Policies policies) {
        return policies.add(new Bulkhead(name, config, policies));
    }

    /**
     * Calls {@code op} when there is room.
     *
     * @throws Problem 503 {@code BULKHEAD_FULL} if there was none in time; 503 {@code CANCELLED} if the thread was
     *     interrupted while it waited
     * @throws X what {@code op} throws
     */
    public <T extends @Nullable Object, X extends Throwable> T call(ScopedValue.CallableOp<T, X> op) throws X {
        enter();
        try {
            return op.call();
        } finally {
            exit();
        }
    }

    private static final class Waiter {
        private final Condition turn;
        private boolean granted;
        private boolean over;

        private Waiter(Condition turn) {
            this.turn = turn;
        }
    }

    void enter() {
        lock.lock();
        try {
            if (running < config.maxCalls()) {
                running++;
                return;
            }
            var most = Failures.atMost(config.maxWait());
            if (!most.isPositive() || waiting.size() >= config.maxWaiting()) {
                throw full(Duration.ZERO);
            }
            await(most);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a place; the caller holds the lock. A place that was granted is never lost, whatever happens then. */
    private void await(Duration most) {
        var waiter = new Waiter(lock.newCondition());
        waiting.addLast(waiter);
        var timer = time.after(most, () -> end(waiter));
        try {
            while (!waiter.granted && !waiter.over) {
                waiter.turn.await();
            }
        } catch (InterruptedException interrupted) {
            if (waiter.granted) {
                release();
            }
            throw Failures.cancelled(policies, this, interrupted);
        } finally {
            timer.cancel();
            waiting.remove(waiter);
        }
        if (!waiter.granted) {
            throw full(most);
        }
    }

    private void end(Waiter waiter) {
        lock.lock();
        try {
            waiter.over = true;
            waiter.turn.signal();
        } finally {
            lock.unlock();
        }
    }

    private Problem full(Duration waited) {
        refused.increment();
        return policies.refuse(
                this,
                "BULKHEAD_FULL",
                "bulkhead '" + name + "' is full: " + running + " of " + config.maxCalls() + " calls run, "
                        + waiting.size() + " wait"
                        + (waited.isZero() ? "" : "; waited " + Failures.text(waited.toNanos())));
    }

    void exit() {
        lock.lock();
        try {
            release();
        } finally {
            lock.unlock();
        }
    }

    /** Hands the place to who waits longest, or frees it. */
    private void release() {
        for (var next = waiting.pollFirst(); next != null; next = waiting.pollFirst()) {
            if (!next.over) {
                next.granted = true;
                next.turn.signal();
                return;
            }
        }
        running--;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return "bulkhead";
    }

    @Override
    public PolicySnapshot snapshot() {
        int now;
        int queue;
        lock.lock();
        try {
            now = running;
            queue = waiting.size();
        } finally {
            lock.unlock();
        }
        var figures = new LinkedHashMap<String, Object>();
        figures.put("running", now);
        figures.put("max_calls", config.maxCalls());
        figures.put("waiting", queue);
        figures.put("refused", refused.sum());
        return new PolicySnapshot(kind(), name, now >= config.maxCalls() ? "FULL" : "OK", figures);
    }
}
