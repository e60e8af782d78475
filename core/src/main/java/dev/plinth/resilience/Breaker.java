package dev.plinth.resilience;

import dev.plinth.error.Problem;
import dev.plinth.time.Time;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Stops calling a target that keeps failing, and tries again after a while.
 *
 * <pre>{@code
 * var breaker = Breaker.of("pricing", BreakerConfig.defaults(), Time.system());
 * Quote quote = breaker.call(() -> fetch(item));
 * }</pre>
 *
 * <p>Closed, it counts. It opens when so many calls failed in a row, or when in a window of time or of calls the share of
 * failures or of slow calls reaches a rate; only a failure or a slow call opens it, never a success. Open, it refuses. The
 * first call after the open time is a trial and makes it half-open: so many trials pass at one time, others are refused.
 * So many successes close it, one failure opens it again. A trial that was cancelled, interrupted or refused by another
 * policy gives its place back and counts as neither. What counts as what is the {@link Classifier}'s to say.
 *
 * <p>A call that succeeds costs one atomic addition and one reading of the clock, and allocates nothing. Thread-safe.
 */
public final class Breaker implements Policy {
    private final String name;
    private final BreakerConfig config;
    private final Classifier classifier;
    private final Policies policies;
    private final Time time;
    private final long slowNanos;
    private final AtomicReference<Circuit> circuit;
    private final LongAdder refused = new LongAdder();
    private final LongAdder opened = new LongAdder();

    Breaker(String name, BreakerConfig given, Classifier classifier, Policies policies) {
        this.name = name;
        this.config = given.effective();
        this.classifier = classifier;
        this.policies = policies;
        this.time = policies.time();
        this.slowNanos = config.slowCall().isPresent() ? config.slowCall().get().toNanos() : Long.MAX_VALUE;
        this.circuit = new AtomicReference<>(new Circuit.Closed(config, time.nanos()));
    }

    /** One to be used alone, with the standard classifier. */
    public static Breaker of(String name, BreakerConfig config, Time time) {
        return of(name, config, Classifier.STANDARD, new Policies(time));
    }

    /**
     * One of a service's.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    public static Breaker of(String name, BreakerConfig config, Classifier classifier, Policies policies) {
        return policies.add(new Breaker(name, config, classifier, policies));
    }

    /**
     * Calls {@code op} if the circuit lets it pass.
     *
     * @throws Problem 503 {@code CIRCUIT_OPEN} if not, with the seconds until the next trial as {@code retry_after}
     * @throws X what {@code op} throws
     */
    public <T extends @Nullable Object, X extends Throwable> T call(ScopedValue.CallableOp<T, X> op) throws X {
        var stay = enter();
        long begin = slowNanos == Long.MAX_VALUE ? 0 : time.nanos();
        T result;
        try {
            result = op.call();
        } catch (Throwable thrown) {
            leaveThrown(stay, thrown, begin);
            throw thrown;
        }
        leaveReturned(stay, result, begin);
        return result;
    }

    /** Lets a call in; what it returns must come back in {@link #leave}. */
    Circuit enter() {
        var stay = tryEnter();
        if (stay == null) {
            throw refusal();
        }
        return stay;
    }

    @Nullable
    Circuit tryEnter() {
        while (true) {
            var stay = circuit.get();
            switch (stay) {
                case Circuit.Closed _ -> {
                    return stay;
                }
                case Circuit.Open open -> {
                    long now = time.nanos();
                    if (now - open.until < 0) {
                        return null;
                    }
                    var trial = new Circuit.HalfOpen(now);
                    if (circuit.compareAndSet(open, trial)) {
                        changed(BreakerState.OPEN, trial, "the open time is over, this call is a trial");
                        return trial;
                    }
                }
                case Circuit.HalfOpen half -> {
                    return half.begin(
                                    config.trialCalls(),
                                    time.nanos(),
                                    config.openTime().toNanos())
                            ? half
                            : null;
                }
            }
        }
    }

    Problem refusal() {
        refused.increment();
        if (circuit.get() instanceof Circuit.Open open) {
            long left = open.until - time.nanos();
            return policies.refuse(
                    this,
                    "CIRCUIT_OPEN",
                    "circuit '" + name + "' is open: too many calls failed. Next trial in " + Failures.text(left),
                    left);
        }
        return policies.refuse(
                this, "CIRCUIT_OPEN", "circuit '" + name + "' is half-open, and its trial calls are on their way", 1);
    }

    void leaveReturned(Circuit stay, @Nullable Object result, long begin) {
        Verdict verdict = Verdict.IGNORED;
        try {
            verdict = classifier.returned(result);
        } finally {
            leave(stay, verdict.effect(), begin);
        }
    }

    void leaveThrown(Circuit stay, Throwable thrown, long begin) {
        Verdict verdict = Verdict.IGNORED;
        try {
            verdict = Failures.verdict(classifier, thrown);
        } finally {
            leave(stay, verdict.effect(), begin);
        }
    }

    /** Counts a call, in the stay that let it in. */
    void leave(Circuit stay, Verdict.Effect effect, long begin) {
        switch (stay) {
            case Circuit.Closed closed -> {
                if (effect != Verdict.Effect.IGNORED) {
                    count(closed, effect == Verdict.Effect.FAILURE, begin);
                }
            }
            case Circuit.HalfOpen half -> endTrial(half, effect, begin);
            case Circuit.Open _ -> throw new AssertionError("an open circuit let a call in");
        }
    }

    private void count(Circuit.Closed closed, boolean failed, long begin) {
        long now = time.nanos();
        boolean slow = !failed && slowNanos != Long.MAX_VALUE && now - begin >= slowNanos;
        closed.window.record(failed, slow, now);
        if (!failed && closed.inARow.get() != 0) {
            closed.inARow.set(0);
        }
        if ((!failed && !slow) || !config.enabled()) {
            return;
        }
        int inARow = failed ? closed.inARow.incrementAndGet() : 0;
        if (inARow >= config.consecutiveFailures()) {
            open(closed, now, inARow + " failures in a row");
            return;
        }
        long calls = closed.window.calls(now);
        if (calls < config.minimumCalls()) {
            return;
        }
        long failures = closed.window.failures(now);
        long slowOnes = closed.window.slow(now);
        if (failures >= config.failureRate().fraction() * calls) {
            open(closed, now, failures + " of the last " + calls + " calls failed");
        } else if (slowNanos != Long.MAX_VALUE
                && slowOnes >= config.slowCallRate().fraction() * calls) {
            open(
                    closed,
                    now,
                    slowOnes + " of the last " + calls + " calls took longer than " + Failures.text(slowNanos));
        }
    }

    private void endTrial(Circuit.HalfOpen half, Verdict.Effect effect, long begin) {
        boolean slow = slowNanos != Long.MAX_VALUE && time.nanos() - begin >= slowNanos;
        boolean success = effect == Verdict.Effect.SUCCESS && !slow;
        int succeeded = half.end(success);
        if (success && succeeded >= config.trialSuccesses()) {
            var closed = new Circuit.Closed(config, time.nanos());
            if (circuit.compareAndSet(half, closed)) {
                changed(BreakerState.HALF_OPEN, closed, succeeded + " trial calls succeeded");
            }
        } else if (effect == Verdict.Effect.FAILURE) {
            open(half, time.nanos(), "a trial call failed");
        } else if (effect == Verdict.Effect.SUCCESS && slow) {
            open(half, time.nanos(), "a trial call took longer than " + Failures.text(slowNanos));
        }
    }

    private void open(Circuit from, long now, String why) {
        var open = new Circuit.Open(now + config.openTime().toNanos());
        if (circuit.compareAndSet(from, open)) {
            opened.increment();
            changed(from.state(), open, why);
        }
    }

    private void changed(BreakerState from, Circuit to, String why) {
        policies.tell(new PolicyEvent.CircuitChanged(name, from, to.state(), why));
    }

    /** Where it stands; {@code OPEN} also when the open time is over and no call has come since. */
    public BreakerState state() {
        return circuit.get().state();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return "breaker";
    }

    @Override
    public PolicySnapshot snapshot() {
        long now = time.nanos();
        var figures = new LinkedHashMap<String, Object>();
        var stay = circuit.get();
        switch (stay) {
            case Circuit.Closed closed -> {
                long calls = closed.window.calls(now);
                long failures = closed.window.failures(now);
                figures.put("recent_calls", calls);
                figures.put("failures", failures);
                figures.put("slow", closed.window.slow(now));
                figures.put(
                        "failure_rate",
                        calls == 0 ? "0%" : String.format(Locale.ROOT, "%.1f%%", 100.0 * failures / calls));
                figures.put("failures_in_a_row", closed.inARow.get());
            }
            case Circuit.Open open -> figures.put("next_trial_ms", Math.max(0, open.until - now) / 1_000_000);
            case Circuit.HalfOpen half -> {
                figures.put("trials_running", half.running());
                figures.put("trials_succeeded", half.succeeded());
            }
        }
        figures.put("opened", opened.sum());
        figures.put("refused", refused.sum());
        return new PolicySnapshot(kind(), name, stay.state().name(), figures);
    }
}
