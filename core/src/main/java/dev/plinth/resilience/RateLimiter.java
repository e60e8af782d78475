package dev.plinth.resilience;

import dev.plinth.error.Problem;
import dev.plinth.time.Time;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many calls begin in a stretch of time, evenly, with a burst after a rest.
 *
 * <pre>{@code
 * var limiter = RateLimiter.of("partner", new RateLimitConfig(50, Duration.ofSeconds(1), 10, Duration.ZERO), Time.system());
 * limiter.call(() -> send(order));
 * }</pre>
 *
 * <p>A token bucket in one number: the moment at which the bucket would be full again (the generic cell rate algorithm,
 * ITU-T I.371). The distance of two calls is rounded up to whole nanoseconds, so the rate is never more than was said.
 * Admitting a call allocates nothing. Thread-safe.
 */
public final class RateLimiter implements Policy {
    private final String name;
    private final RateLimitConfig config;
    private final Policies policies;
    private final Time time;
    private final boolean inbound;
    private final long distance;
    private final long tolerance;
    private final AtomicLong fullAt;
    private final LongAdder refused = new LongAdder();

    private RateLimiter(String name, RateLimitConfig config, boolean inbound, Policies policies) {
        this.name = name;
        this.config = config;
        this.inbound = inbound;
        this.policies = policies;
        this.time = policies.time();
        this.distance = Math.ceilDiv(config.per().toNanos(), config.calls());
        this.tolerance = distance * (config.burst() - 1L);
        this.fullAt = new AtomicLong(time.nanos());
    }

    /** One to be used alone, for calls that go out. */
    public static RateLimiter of(String name, RateLimitConfig config, Time time) {
        return of(name, config, new Policies(time));
    }

    /**
     * One of a service's, for calls that go out: a refusal is a 503, since the caller can't help it.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    public static RateLimiter of(String name, RateLimitConfig config, Policies policies) {
        return policies.add(new RateLimiter(name, config, false, policies));
    }

    /**
     * One of a service's, for calls that come in: a refusal is a 429 that asks the caller to come back later.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    public static RateLimiter inbound(String name, RateLimitConfig config, Policies policies) {
        return policies.add(new RateLimiter(name, config, true, policies));
    }

    /**
     * Calls {@code op} when it is its turn.
     *
     * @throws Problem {@code RATE_LIMITED}, 503 or 429, with the seconds until a turn as {@code retry_after}, if it would
     *     wait too long; 503 {@code CANCELLED} if the thread was interrupted while it waited
     * @throws X what {@code op} throws
     */
    public <T extends @Nullable Object, X extends Throwable> T call(ScopedValue.CallableOp<T, X> op) throws X {
        enter();
        return op.call();
    }

    void enter() {
        while (true) {
            long now = time.nanos();
            long full = fullAt.get();
            long from = full - now > 0 ? full : now;
            long wait = from - now - tolerance;
            if (wait > 0 && wait > Failures.atMost(config.maxWait()).toNanos()) {
                throw limited(wait);
            }
            if (fullAt.compareAndSet(full, from + distance)) {
                if (wait > 0) {
                    await(wait);
                }
                return;
            }
        }
    }

    private void await(long nanos) {
        try {
            time.sleep(Duration.ofNanos(nanos));
        } catch (InterruptedException interrupted) {
            fullAt.addAndGet(-distance); // the turn that was taken is given back
            throw Failures.cancelled(policies, this, interrupted);
        }
    }

    private Problem limited(long wait) {
        refused.increment();
        var detail = "rate limit '" + name + "': more than " + config.calls() + " calls in "
                + Failures.text(config.per().toNanos()) + ". The next may begin in " + Failures.text(wait);
        if (!inbound) {
            return policies.refuse(this, "RATE_LIMITED", detail, wait);
        }
        policies.tell(new PolicyEvent.Rejected(kind(), name, "RATE_LIMITED"));
        return Problem.refusal("RATE_LIMITED", detail, Map.of(Failures.RETRY_AFTER, Failures.seconds(wait)))
                .withStatus(429);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return "rate-limit";
    }

    @Override
    public PolicySnapshot snapshot() {
        long used = Math.max(0, fullAt.get() - time.nanos());
        long available = Math.max(0, config.burst() - Math.ceilDiv(used, distance));
        var figures = new LinkedHashMap<String, Object>();
        figures.put("calls", config.calls());
        figures.put("per", config.per());
        figures.put("available", available);
        figures.put("refused", refused.sum());
        return new PolicySnapshot(kind(), name, available == 0 ? "EMPTY" : "OK", figures);
    }
}
