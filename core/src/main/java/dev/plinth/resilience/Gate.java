package dev.plinth.resilience;

import dev.plinth.context.Deadline;
import dev.plinth.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Lets as much work of one kind in at one time as gets done without queueing for long. What an {@link AdaptiveLimit} is for
 * calls to others, this is for work that comes from others.
 *
 * <p>It lets everything in until work takes more than {@code delay} longer than it usually does, for three windows of a
 * tenth of a second; then less and less is let in, until it doesn't. So it holds the queue before whatever is short,
 * processor, pool or lock, at {@code delay}, as LEDBAT (RFC 6817) does for the queue of a network; how the limit follows is
 * TCP Vegas', shared with the adaptive limit. What is beyond waits for a place, a few and for a short time; the rest is
 * to be refused.
 *
 * <p>Slow work is no overload: if half as much at one time doesn't make it quicker while the processors have time, something
 * else is slow, such as a database, and then that time is taken for usual and the limit is lifted. One gate for each kind of work, since a
 * mix that changes would look like a change of pace.
 *
 * <p>Recording takes no lock and allocates nothing. Thread-safe.
 */
public final class Gate implements Policy {
    private static final long WINDOW = 100_000_000;
    private static final int LEAST_SAMPLES = 10;
    /** Windows in a row that must be slow: a pause of the collector is no overload. */
    private static final int PATIENCE = 3;

    private static final double DEEPEST_CUT = 0.25;
    /** After so many usual windows what was learnt from cutting is stale. */
    private static final int CALM = 10;

    private final String name;
    private final GateConfig config;
    private final int max;
    private final long judgesFrom;
    private final Time time;
    private final BooleanSupplier busy;
    private final AtomicInteger running = new AtomicInteger();
    private final LongAdder refused = new LongAdder();
    private final LongAdder sum = new LongAdder();
    private final LongAdder samples = new LongAdder();
    private final LongAccumulator quickest = new LongAccumulator(Math::min, Long.MAX_VALUE);
    private final AtomicBoolean adjusting = new AtomicBoolean();
    private volatile long windowEnds;
    private volatile int mostRunning;
    /** What the pace says, for all who leave. */
    private volatile double usual;
    /** When the limit was last cut. */
    private volatile long epoch;

    private volatile double limit;

    // Touched by the one that adjusts.
    private final Pace pace = new Pace();
    private int slowWindows;
    private int usualWindows;
    private int cuts;
    private int windowsAlike;
    /** The first figures under a limit that had been cut; those before are of a queue that still grew. */
    private int cutFrom;

    private double cutAt;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();
    private volatile int queued;

    private static final class Waiter {
        private final Condition turn;
        private final long until;
        private boolean granted;
        private boolean over;

        private Waiter(Condition turn, long until) {
            this.turn = turn;
            this.until = until;
        }
    }

    private Gate(String name, GateConfig config, int max, Time time, BooleanSupplier busy) {
        this.name = name;
        this.config = config;
        this.max = max;
        this.time = time;
        this.busy = busy;
        this.limit = max;
        this.judgesFrom = time.nanos() + config.warmUp().toNanos();
        this.windowEnds = time.nanos() + WINDOW;
        this.epoch = time.nanos() - Long.MAX_VALUE / 2;
    }

    /**
     * One that is listed nowhere.
     *
     * @param name of the work, such as {@code POST /orders}
     * @param max work at one time that is never exceeded, and where it begins
     * @param busy whether the processors have too much to do
     */
    public static Gate of(String name, GateConfig config, int max, Time time, BooleanSupplier busy) {
        return new Gate(name, config, Math.max(max, config.min()), time, busy);
    }

    /**
     * Takes a place, waiting for one where all are taken. What is let in is followed by {@link #leave}.
     *
     * @return false if it is refused
     */
    public boolean enter(Deadline deadline) {
        if ((queued == 0 && take()) || await(deadline)) {
            return true;
        }
        refused.increment();
        return false;
    }

    private boolean take() {
        while (true) {
            int now = running.get();
            if (now >= (int) limit) {
                return false;
            }
            if (running.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    private boolean await(Deadline deadline) {
        if (busy.getAsBoolean()) {
            return false; // it would be late to see that it has a place
        }
        var most = deadline.atMost(config.queueTimeout());
        lock.lock();
        try {
            if (waiting.size() >= config.maxQueued() || !most.isPositive()) {
                return false;
            }
            return await(most);
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. A place that was granted is never lost, whatever happens then. */
    private boolean await(Duration most) {
        var waiter = new Waiter(lock.newCondition(), time.nanos() + most.toNanos());
        waiting.addLast(waiter);
        queued = waiting.size();
        // Now that it is seen to wait: whoever left before has left a place.
        grant();
        var timer = time.after(most, () -> end(waiter));
        try {
            while (!waiter.granted && !waiter.over) {
                waiter.turn.await();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            timer.cancel();
            waiting.remove(waiter);
            queued = waiting.size();
        }
        return waiter.granted;
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

    /** Gives free places to who waits longest. Under the lock. */
    private void grant() {
        long now = time.nanos();
        for (var next = waiting.peekFirst(); next != null; next = waiting.peekFirst()) {
            // Its timer may be late where there is too much to do.
            next.over |= next.until - now < 0;
            if (!next.over) {
                if (!take()) {
                    break;
                }
                next.granted = true;
            }
            waiting.removeFirst();
            next.turn.signal();
        }
        queued = waiting.size();
    }

    /**
     * Gives the place back behind work.
     *
     * @param took how long the work has taken in nanoseconds, without what it waited for whoever had asked for it
     */
    public void leave(long took) {
        int with = running.getAndDecrement();
        long now = time.nanos();
        // What was let in before the last cut says nothing of it.
        if (config.adaptive() && now - took - epoch >= 0) {
            if (with > mostRunning) {
                mostRunning = with;
            }
            sum.add(took);
            // What is answered without the work, such as a refusal or a hit in a cache, says nothing of a queue.
            if (took > usual) {
                quickest.accumulate(took);
            }
            samples.increment();
            if (now - windowEnds >= 0 && adjusting.compareAndSet(false, true)) {
                try {
                    adjust(now);
                } finally {
                    adjusting.set(false);
                }
            }
        }
        admitWaiting();
    }

    /** Gives the place back where nothing was done. */
    public void giveBack() {
        running.decrementAndGet();
        admitWaiting();
    }

    private void admitWaiting() {
        if (queued > 0) {
            lock.lock();
            try {
                grant();
            } finally {
                lock.unlock();
            }
        }
    }

    private void adjust(long now) {
        long count = samples.sum();
        if (now - windowEnds < 0 || count < LEAST_SAMPLES) {
            return;
        }
        double average = Math.max(1, (double) sum.sumThenReset() / count);
        long least = quickest.getThenReset();
        int used = mostRunning;
        double length = now - windowEnds + WINDOW;
        samples.reset();
        mostRunning = 0;
        windowEnds = now + WINDOW;
        double allowed = usual + Math.max(usual, (double) config.delay().toNanos());
        boolean slow = usual > 0 && average > allowed;
        pace.learn(average, usual > 0 && average > usual + (allowed - usual) / 4);
        usual = pace.usual();
        if (slow) {
            usualWindows = 0;
            if (++slowWindows >= PATIENCE && now - judgesFrom >= 0) {
                // At first the queue still grows: what has just come will take as long as what is there takes (Little's
                // law).
                shrink(used, cuts == 0 ? Math.max(average, used * length / count) : average, least, allowed, now);
            }
            return;
        }
        slowWindows = 0;
        if (++usualWindows >= CALM) {
            cuts = 0;
        }
        // Without use nothing is learnt; but what was cut for long ago is no more to hold back who comes at once.
        if (used >= limit / 2 || usualWindows >= CALM) {
            limit = Math.min(max, Pace.next(limit, 1));
        }
    }

    /** Cuts the limit, and begins anew to count, so that the next judgement is of the new limit alone. */
    private void shrink(int used, double takes, long least, double allowed, long now) {
        if (cuts == 1) {
            cutFrom = used;
            cutAt = least;
        } else if (cuts > 1 && isAlike(used) && limit <= config.min()) {
            // Fewer there can't be: twice as many tell as well.
            limit = Math.min(max, 2 * limit);
            epoch = now;
            return;
        } else if (cuts > 1 && !isAlike(used) && isNoQueue(used, least)) {
            if (busy.getAsBoolean()) {
                windowsAlike = 0;
            } else if (++windowsAlike < PATIENCE) {
                return;
            } else {
                pace.believe(takes);
                usual = takes;
                cuts = 0;
                windowsAlike = 0;
                slowWindows = 0;
                limit = max;
                return;
            }
        }
        cuts++;
        windowsAlike = 0;
        double from = Math.min(limit, Math.max(used, config.min()));
        limit = Math.clamp(from * Math.max(DEEPEST_CUT, allowed / takes) + Math.sqrt(from), config.min(), max);
        epoch = now;
    }

    /**
     * The quickest of a queue takes as much less time as there is less in the queue, and that of anything else as much as
     * before: whichever is nearer. The quickest, since whatever the process itself stops for only adds.
     */
    private boolean isNoQueue(int used, long least) {
        double between = cutAt * (1 + (double) used / cutFrom) / 2;
        return least != Long.MAX_VALUE && (used < cutFrom ? least > between : least < between);
    }

    /** Whether it is too near to what it is compared with. */
    private boolean isAlike(int used) {
        return used > 0.7 * cutFrom && used < 1.4 * cutFrom;
    }

    /** How much work may run at one time now. */
    public int limit() {
        return (int) limit;
    }

    /** How much runs. */
    public int running() {
        return running.get();
    }

    /** How much waits for a place. */
    public int queued() {
        return queued;
    }

    /** Whether it holds back, or has refused since it is there. */
    public boolean isPressed() {
        return (int) limit < max || refused.sum() > 0;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return "gate";
    }

    @Override
    public PolicySnapshot snapshot() {
        int now = running.get();
        var figures = new LinkedHashMap<String, Object>();
        figures.put("running", now);
        figures.put("limit", limit());
        figures.put("queued", queued);
        figures.put("usual_ms", Math.round(pace.usual() / 1e5) / 10.0);
        figures.put("refused", refused.sum());
        return new PolicySnapshot(kind(), name, now >= limit() ? "FULL" : "OK", figures);
    }
}
