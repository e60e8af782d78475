package dev.plinth.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.failsafe.CircuitBreaker;
import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.failsafe.Timeout;
import dev.plinth.resilience.Breaker;
import dev.plinth.resilience.BreakerConfig;
import dev.plinth.resilience.Guard;
import dev.plinth.resilience.Policies;
import dev.plinth.resilience.RetryConfig;
import dev.plinth.resilience.Safety;
import dev.plinth.time.Time;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A call that returns at once, behind policies, on one thread: nanoseconds of processor time and bytes. Run in a process of its own for each
 * of those that are compared, so that none profits from what the compiler has learnt of another.
 *
 * <p>All take the same: a time-out of 5 s that interrupts the caller, 3 attempts, a breaker that opens at 80 % of failures
 * in 10 s. Resilience4j has no time-out for a call on the calling thread: its time limiter waits for a future, which costs
 * a virtual thread. Since that may be thought unfair, it is also measured without any time-out.
 */
final class GuardedCall {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    @SuppressWarnings("UnusedVariable") // written, so that the compiler can't leave the call out
    private static Object sink = "";

    private GuardedCall() {}

    /** {@code NAME SECONDS}: prints nanoseconds of processor time and bytes a call, separated by a blank. */
    public static void main(String[] arguments) throws Exception {
        var call = call(arguments[0]);
        var nanos = TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[1]));
        run(call, 2 * nanos);
        var result = run(call, nanos);
        System.out.printf(Locale.ROOT, "%.1f %.1f%n", result[0], result[1]);
        System.exit(0);
    }

    /** Calls for that long. Time is that of all processors, and bytes those of all threads: some policies use others. */
    private static double[] run(Callable<Object> call, long nanos) throws Exception {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        var allocated = threads.getTotalThreadAllocatedBytes();
        var used = system.getProcessCpuTime();
        var begin = System.nanoTime();
        long calls = 0;
        while (System.nanoTime() - begin < nanos) {
            for (int i = 0; i < 1000; i++) {
                sink = call.call();
            }
            calls += 1000;
        }
        var cpu = system.getProcessCpuTime() - used;
        var bytes = threads.getTotalThreadAllocatedBytes() - allocated;
        return new double[] {(double) cpu / calls, (double) bytes / calls};
    }

    private static Object work() {
        return "ok";
    }

    static Callable<Object> call(String name) {
        return switch (name) {
            case "bare" -> GuardedCall::work;
            case "ours" -> ours(false);
            case "ours-no-timeout" -> ours(true);
            case "ours-breaker" -> {
                var breaker = Breaker.of("pricing", BreakerConfig.defaults(), Time.system());
                yield () -> breaker.call(GuardedCall::work);
            }
            case "failsafe" -> {
                var executor = Failsafe.with(failsafeTimeout(), failsafeRetry(), failsafeBreaker());
                yield () -> executor.get(GuardedCall::work);
            }
            case "failsafe-no-timeout" -> {
                var executor = Failsafe.with(failsafeRetry(), failsafeBreaker());
                yield () -> executor.get(GuardedCall::work);
            }
            case "failsafe-breaker" -> {
                var executor = Failsafe.with(failsafeBreaker());
                yield () -> executor.get(GuardedCall::work);
            }
            case "resilience4j" -> {
                var retry = Retry.ofDefaults("pricing");
                var breaker = resilienceBreaker();
                var limiter = TimeLimiter.of(
                        TimeLimiterConfig.custom().timeoutDuration(LIMIT).build());
                var threads = Executors.newVirtualThreadPerTaskExecutor();
                Callable<Object> guarded = Retry.decorateCallable(retry, breaker.decorateCallable(GuardedCall::work));
                yield () -> limiter.executeFutureSupplier(() -> threads.submit(guarded));
            }
            case "resilience4j-no-timeout" ->
                Retry.decorateCallable(
                        Retry.ofDefaults("pricing"), resilienceBreaker().decorateCallable(GuardedCall::work));
            case "resilience4j-breaker" -> resilienceBreaker().decorateCallable(GuardedCall::work);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Callable<Object> ours(boolean withoutTimeout) {
        var builder = Guard.of("pricing", new Policies(Time.system()))
                .retry(RetryConfig.defaults())
                .breaker(BreakerConfig.defaults());
        var guard = (withoutTimeout ? builder : builder.timeout(LIMIT)).build();
        return () -> guard.call(Safety.IDEMPOTENT, GuardedCall::work);
    }

    private static Timeout<Object> failsafeTimeout() {
        return Timeout.<Object>builder(LIMIT).withInterrupt().build();
    }

    private static RetryPolicy<Object> failsafeRetry() {
        return RetryPolicy.<Object>builder()
                .withMaxAttempts(3)
                .withBackoff(Duration.ofMillis(50), Duration.ofSeconds(2))
                .build();
    }

    private static CircuitBreaker<Object> failsafeBreaker() {
        return CircuitBreaker.<Object>builder()
                .withFailureRateThreshold(80, 20, Duration.ofSeconds(10))
                .withDelay(Duration.ofSeconds(5))
                .withSuccessThreshold(3)
                .build();
    }

    private static io.github.resilience4j.circuitbreaker.CircuitBreaker resilienceBreaker() {
        var config = CircuitBreakerConfig.custom()
                .failureRateThreshold(80)
                .slidingWindow(10, 20, CircuitBreakerConfig.SlidingWindowType.TIME_BASED)
                .waitDurationInOpenState(Duration.ofSeconds(5))
                .permittedNumberOfCallsInHalfOpenState(3)
                .build();
        return io.github.resilience4j.circuitbreaker.CircuitBreaker.of("pricing", config);
    }
}
