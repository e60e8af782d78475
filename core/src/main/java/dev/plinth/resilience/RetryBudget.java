package dev.plinth.resilience;

import dev.plinth.time.Time;
import java.util.LinkedHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Bounds the repetitions of calls to one target as a share of the recent calls, so that a target in trouble is not
 * drowned by those who try to reach it. Shared by the retry and the hedge of that target.
 *
 * <p>The idea is that of Finagle's {@code RetryBudget}: a ratio of the traffic, and a floor. Thread-safe.
 */
public final class RetryBudget implements Policy {
    private final String name;
    private final BudgetConfig config;
    private final Time time;
    private final TimeWindow window;
    private final LongAdder refused = new LongAdder();

    private RetryBudget(String name, BudgetConfig config, Policies policies) {
        this.name = name;
        this.config = config;
        this.time = policies.time();
        this.window = new TimeWindow(config.window(), time.nanos());
    }

    /** One to be used alone. */
    public static RetryBudget of(String name, BudgetConfig config, Time time) {
        return of(name, config, new Policies(time));
    }

    /**
     * One of a service's.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    public static RetryBudget of(String name, BudgetConfig config, Policies policies) {
        return policies.add(new RetryBudget(name, config, policies));
    }

    /** Says that a call was made, not a repetition: it adds to what may be repeated. */
    public void called() {
        called(time.nanos());
    }

    void called(long now) {
        window.record(false, false, now);
    }

    /** Takes a repetition out of the budget; false if it is spent. */
    public synchronized boolean take() {
        long now = time.nanos();
        if (window.failures(now) >= allowed(now)) {
            refused.increment();
            return false;
        }
        window.repeated(now);
        return true;
    }

    private long allowed(long now) {
        return config.floor() + (long) (window.calls(now) * config.ratio().fraction());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return "retry-budget";
    }

    @Override
    public PolicySnapshot snapshot() {
        long now = time.nanos();
        long taken = window.failures(now);
        long allowed = allowed(now);
        var figures = new LinkedHashMap<String, Object>();
        figures.put("recent_calls", window.calls(now));
        figures.put("repetitions", taken);
        figures.put("allowed", allowed);
        figures.put("refused", refused.sum());
        return new PolicySnapshot(kind(), name, taken >= allowed ? "SPENT" : "OK", figures);
    }
}
