package dev.plinth.resilience;

import dev.plinth.context.Context;
import dev.plinth.context.Deadline;
import dev.plinth.error.Problem;
import dev.plinth.time.Time;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what a call may take, by a limit of its own and by the deadline of the work that it is part of.
 *
 * <pre>{@code
 * var timeout = Timeout.of("pricing", Duration.ofMillis(800), Time.system());
 * Quote quote = timeout.call(() -> fetch(item));
 * }</pre>
 *
 * <p>The call runs on the calling thread, in a {@link Context} whose deadline is the earlier of the two, so that whatever
 * waits inside can take its own time-outs from it, and what is called further down learns what is left. A call whose
 * deadline has passed is not made. One that goes on is interrupted at the deadline, or {@code grace} after it: where all
 * that waits inside derives its time-outs from the context, a grace lets them act first, since an interrupt closes the
 * socket that a virtual thread reads from. No thread is parked for a call, and no timer set for each: one timer serves all.
 *
 * <p>A call that ignores the interrupt can't be ended; it is counted as {@code ignored} when it comes back at last, and
 * its result is passed on. Choose a little more than the 99.9th percentile of what the other side takes. Thread-safe.
 */
public final class Timeout implements Policy {
    private final String name;
    private final Duration limit;
    private final long limitNanos;
    private final long graceNanos;
    private final Policies policies;
    private final Time time;
    private final Watch watch;
    private final LongAdder timedOut = new LongAdder();
    private final LongAdder expired = new LongAdder();
    private final LongAdder ignored = new LongAdder();

    private Timeout(String name, Duration limit, Duration grace, Policies policies) {
        if (!limit.isPositive()) {
            throw new IllegalArgumentException(
                    "timeout '" + name + "': limit " + limit + " (expected: more than zero)");
        }
        if (grace.isNegative()) {
            throw new IllegalArgumentException("timeout '" + name + "': grace " + grace + " (expected: zero or more)");
        }
        this.name = name;
        this.limit = limit;
        this.limitNanos = limit.toNanos();
        this.graceNanos = grace.toNanos();
        this.policies = policies;
        this.time = policies.time();
        this.watch = new Watch(time);
    }

    /**
     * One to be used alone, without grace.
     *
     * @throws IllegalArgumentException if {@code limit} is not positive
     */
    public static Timeout of(String name, Duration limit, Time time) {
        return of(name, limit, Duration.ZERO, new Policies(time));
    }

    /**
     * One of a service's; the interrupt comes {@code grace} after the deadline.
     *
     * @throws IllegalArgumentException if {@code limit} is not positive, {@code grace} is negative, or the name is taken
     */
    public static Timeout of(String name, Duration limit, Duration grace, Policies policies) {
        return policies.add(new Timeout(name, limit, grace, policies));
    }

    /** Calls {@code op} within this time-out; see {@link #call(Duration, ScopedValue.CallableOp)}. */
    public <T extends @Nullable Object, X extends Throwable> T call(ScopedValue.CallableOp<T, X> op) throws X {
        return call(limitNanos, op);
    }

    /**
     * Calls {@code op} within another limit than this time-out's own.
     *
     * @throws Problem 504 {@code DEADLINE_EXCEEDED}: the deadline had passed before, and nothing was called; or {@code op}
     *     was interrupted because the time was over, and what it threw then is the cause
     * @throws X what {@code op} throws by itself
     */
    public <T extends @Nullable Object, X extends Throwable> T call(Duration most, ScopedValue.CallableOp<T, X> op)
            throws X {
        return call(most.toNanos(), op);
    }

    private <T extends @Nullable Object, X extends Throwable> T call(long most, ScopedValue.CallableOp<T, X> op)
            throws X {
        var context = Context.current();
        var given = context.deadline().orElse(null);
        long begin = time.nanos();
        long left = most;
        boolean inherited = false;
        if (given != null) {
            long inherit = given.time().equals(time)
                    ? given.atNanos() - begin
                    : given.remaining().toNanos();
            inherited = inherit <= left;
            left = inherited ? inherit : left;
        }
        if (left <= 0) {
            expired.increment();
            throw policies.refuse(
                    this,
                    Problem.deadlineExceeded("'" + name + "' was not called: the deadline has passed")
                            .with(Failures.RETRYABLE, false));
        }
        var entry = watch.enter(begin + left + graceNanos);
        T result;
        try {
            result = inherited
                    ? op.call()
                    : context.withDeadline(new Deadline(time, begin + left)).call(op);
        } catch (Throwable thrown) {
            if (watch.exit(entry)) {
                throw late(thrown, time.nanos() - begin);
            }
            throw thrown;
        }
        if (watch.exit(entry)) {
            ignored.increment();
        }
        return result;
    }

    /** What to throw where the interrupt was given: the time-out, unless the call had something better to tell. */
    private RuntimeException late(Throwable thrown, long took) {
        timedOut.increment();
        policies.tell(new PolicyEvent.TimedOut(name, Duration.ofNanos(took)));
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof Problem problem && !Failures.isInterruption(problem)) {
            return problem;
        }
        return Problem.deadlineExceeded("'" + name + "' did not answer within " + Failures.text(took))
                .causedBy(thrown);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return "timeout";
    }

    @Override
    public PolicySnapshot snapshot() {
        var figures = new LinkedHashMap<String, Object>();
        figures.put("limit", limit);
        figures.put("timed_out", timedOut.sum());
        figures.put("expired_before", expired.sum());
        figures.put("ignored", ignored.sum());
        return new PolicySnapshot(kind(), name, "OK", figures);
    }
}
