package dev.plinth.resilience;

import dev.plinth.error.Problem;
import dev.plinth.time.Time;
import java.util.LinkedHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Lets as many calls run at one time as the other side seems to bear, and learns that from how long they take.
 *
 * <pre>{@code
 * var limit = AdaptiveLimit.of("pricing", AdaptiveLimitConfig.defaults(), Time.system());
 * Quote quote = limit.call(() -> fetch(item));
 * }</pre>
 *
 * <p>As long as calls take what they usually take the limit grows by its square root; when the average of a window is more
 * than {@code tolerance} times the long-term one it shrinks by their ratio, to a half at most. It stays where less than
 * half of it is used, since then nothing was learnt. The idea is TCP Vegas' (Brakmo and Peterson, 1995), in the form of
 * the gradient limit of Netflix' concurrency-limits. A failure counts where it took long; quick ones say nothing of load.
 *
 * <p>It can't tell a target that became slow for good from one that is overloaded: the long-term average follows
 * only over thousands of windows (ten minutes with that of 100 ms), and until then fewer calls run. Thread-safe.
 */
public final class AdaptiveLimit implements Policy {
    private static final int LEAST_SAMPLES = 10;

    private final String name;
    private final AdaptiveLimitConfig config;
    private final Classifier classifier;
    private final Policies policies;
    private final Time time;
    private final AtomicInteger running = new AtomicInteger();
    private final LongAdder refused = new LongAdder();
    private volatile double limit;

    // What the current window has seen; guarded by this.
    private long windowBegan;
    private long sum;
    private int samples;
    private int mostRunning;
    private final Pace pace = new Pace();

    private AdaptiveLimit(String name, AdaptiveLimitConfig config, Classifier classifier, Policies policies) {
        this.name = name;
        this.config = config;
        this.classifier = classifier;
        this.policies = policies;
        this.time = policies.time();
        this.limit = config.initial();
        this.windowBegan = time.nanos();
    }

    /** One to be used alone, with the standard classifier. */
    public static AdaptiveLimit of(String name, AdaptiveLimitConfig config, Time time) {
        return of(name, config, Classifier.STANDARD, new Policies(time));
    }

    /**
     * One of a service's.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    public static AdaptiveLimit of(String name, AdaptiveLimitConfig config, Classifier classifier, Policies policies) {
        return policies.add(new AdaptiveLimit(name, config, classifier, policies));
    }

    /**
     * Calls {@code op} if the limit allows one more.
     *
     * @throws Problem 503 {@code LIMIT_REACHED} if not
     * @throws X what {@code op} throws
     */
    public <T extends @Nullable Object, X extends Throwable> T call(ScopedValue.CallableOp<T, X> op) throws X {
        int with = enter();
        long begin = time.nanos();
        var effect = Verdict.Effect.IGNORED;
        try {
            var result = op.call();
            effect = classifier.returned(result).effect();
            return result;
        } catch (Throwable thrown) {
            effect = Failures.verdict(classifier, thrown).effect();
            throw thrown;
        } finally {
            exit(with, begin, effect);
        }
    }

    /** Takes a place; gives how many calls run with it. */
    int enter() {
        while (true) {
            int now = running.get();
            if (now >= (int) limit) {
                refused.increment();
                throw policies.refuse(
                        this,
                        "LIMIT_REACHED",
                        "limit '" + name + "': " + now + " calls run, and more would be too many for now",
                        1);
            }
            if (running.compareAndSet(now, now + 1)) {
                return now + 1;
            }
        }
    }

    void exit(int with, long begin, Verdict.Effect effect) {
        running.decrementAndGet();
        if (effect != Verdict.Effect.IGNORED) {
            long now = time.nanos();
            learn(with, now - begin, effect == Verdict.Effect.FAILURE, now);
        }
    }

    private synchronized void learn(int with, long took, boolean failed, long now) {
        if (failed && took < pace.usual() * config.tolerance()) {
            return;
        }
        sum += took;
        samples++;
        mostRunning = Math.max(mostRunning, with);
        if (samples < LEAST_SAMPLES || now - windowBegan < config.window().toNanos()) {
            return;
        }
        double average = Math.max(1, (double) sum / samples);
        int used = mostRunning;
        windowBegan = now;
        sum = 0;
        samples = 0;
        mostRunning = 0;
        pace.learn(average, average > pace.usual() * config.tolerance());
        double before = limit;
        if (used < before / 2) {
            return;
        }
        limit = Math.clamp(Pace.next(before, config.tolerance() * pace.usual() / average), config.min(), config.max());
    }

    /** Calls that may run at one time now. */
    public int limit() {
        return (int) limit;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return "adaptive-limit";
    }

    @Override
    public PolicySnapshot snapshot() {
        int now = running.get();
        var figures = new LinkedHashMap<String, Object>();
        figures.put("running", now);
        figures.put("limit", limit());
        figures.put("refused", refused.sum());
        return new PolicySnapshot(kind(), name, now >= limit() ? "FULL" : "OK", figures);
    }
}
