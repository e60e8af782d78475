package dev.plinth.resilience;

import dev.plinth.context.Context;
import dev.plinth.error.Problem;
import dev.plinth.time.Time;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Sends a second call where the first is slow, takes the answer that is there first, and cancels the other.
 *
 * <pre>{@code
 * var hedge = Hedge.of("pricing", new HedgeConfig(Duration.ofMillis(80), 1), Time.system());
 * Quote quote = hedge.call(Safety.IDEMPOTENT, () -> fetch(item));
 * }</pre>
 *
 * <p>Only what is idempotent is hedged, only on a first {@link Context#attempt() attempt}, and only inside the {@link
 * RetryBudget}; anything else is simply called. A hedge runs as the next attempt, so nothing further down repeats it. The
 * first success wins; a failure counts only when all that set off have failed. The loser is interrupted and not waited
 * for; what it returns all the same is closed if it can be.
 *
 * <p>Each call runs on a virtual thread of its own, in the context of the caller, since the caller must be able to leave
 * it behind: a few microseconds that a call without hedging doesn't cost. Thread-safe.
 */
public final class Hedge implements Policy {
    private final String name;
    private final HedgeConfig config;
    private final RetryBudget budget;
    private final boolean counting;
    private final Classifier classifier;
    private final Policies policies;
    private final Time time;
    private final LongAdder sent = new LongAdder();
    private final LongAdder won = new LongAdder();

    private Hedge(
            String name,
            HedgeConfig config,
            RetryBudget budget,
            boolean counting,
            Classifier classifier,
            Policies policies) {
        this.name = name;
        this.config = config;
        this.budget = budget;
        this.counting = counting;
        this.classifier = classifier;
        this.policies = policies;
        this.time = policies.time();
    }

    /** One to be used alone, with a budget of defaults and the standard classifier. */
    public static Hedge of(String name, HedgeConfig config, Time time) {
        var own = new Policies(time);
        var budget = RetryBudget.of(name, BudgetConfig.defaults(), own);
        return own.add(new Hedge(name, config, budget, true, Classifier.STANDARD, own));
    }

    /**
     * One of a service's, inside a {@link Retry} that counts the calls of the budget.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    public static Hedge of(
            String name, HedgeConfig config, RetryBudget budget, Classifier classifier, Policies policies) {
        return policies.add(new Hedge(name, config, budget, false, classifier, policies));
    }

    /**
     * Calls {@code op}, and once more if it is slow.
     *
     * @throws Problem 503 {@code CANCELLED} if the calling thread is interrupted; all calls are cancelled then
     * @throws X what the first call threw if all failed, the failures of the others suppressed
     */
    public <T extends @Nullable Object, X extends Throwable> T call(Safety safety, ScopedValue.CallableOp<T, X> op)
            throws X {
        if (counting) {
            budget.called();
        }
        var context = Context.current();
        if (safety != Safety.IDEMPOTENT || context.attempt() > 1) {
            return op.call();
        }
        return new Race<T, X>(context, op).run();
    }

    /** The calls that set off for one. All fields are guarded by its monitor. */
    private final class Race<T extends @Nullable Object, X extends Throwable> {
        private final Context context;
        private final ScopedValue.CallableOp<T, X> op;
        private final List<Thread> threads = new ArrayList<>();
        private final List<Throwable> failures = new ArrayList<>();
        private int running;
        private boolean due;
        private boolean over;
        private boolean returned;
        private @Nullable T result;

        private Race(Context context, ScopedValue.CallableOp<T, X> op) {
            this.context = context;
            this.op = op;
        }

        @SuppressWarnings("NullAway") // T may itself be nullable; returned says that it was set
        synchronized T run() throws X {
            // Before the call: who moves time by hand once the call is seen must find the timer set.
            Time.Timer timer = time.after(config.delay(), this::wake);
            setOff();
            try {
                while (!over && running > 0) {
                    wait();
                    if (due && !over && running > 0) {
                        due = false;
                        if (threads.size() <= config.most() && budget.take()) {
                            sent.increment();
                            policies.tell(new PolicyEvent.Hedged(name, threads.size() + 1));
                            timer = time.after(config.delay(), this::wake);
                            setOff();
                        }
                    }
                }
            } catch (InterruptedException interrupted) {
                over = true;
                throw Failures.cancelled(policies, Hedge.this, interrupted);
            } finally {
                over = true;
                timer.cancel();
                for (var thread : threads) {
                    thread.interrupt();
                }
            }
            if (returned) {
                return result;
            }
            var first = failures.getFirst();
            for (var other : failures) {
                Failures.suppress(other, first);
            }
            throw Failures.<X>rethrow(first);
        }

        private synchronized void wake() {
            due = true;
            notifyAll();
        }

        private void setOff() {
            int number = threads.size();
            var its = number == 0 ? context : context.withAttempt(context.attempt() + number);
            running++;
            threads.add(Thread.ofVirtual()
                    .name("hedge " + name + " " + number)
                    .start(() -> its.run(() -> attempt(number))));
        }

        private void attempt(int number) {
            T value;
            boolean success;
            try {
                value = op.call();
                success = classifier.returned(value).effect() != Verdict.Effect.FAILURE;
            } catch (Throwable thrown) {
                failed(thrown);
                return;
            }
            if (!take(number, value, success) && value instanceof AutoCloseable unwanted) {
                try {
                    unwanted.close();
                } catch (Exception alreadyBroken) {
                    // Nobody wants it any more.
                }
            }
        }

        /** Whether {@code value} is the answer, or a failure that may yet have to serve as one. */
        private synchronized boolean take(int number, T value, boolean success) {
            running--;
            if (over) {
                return false;
            }
            boolean wanted = success || !returned;
            if (wanted) {
                result = value;
                returned = true;
            }
            if (success) {
                over = true;
                if (number > 0) {
                    won.increment();
                }
            }
            notifyAll();
            return wanted;
        }

        private synchronized void failed(Throwable thrown) {
            running--;
            if (!over) {
                failures.add(thrown);
                notifyAll();
            }
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return "hedge";
    }

    @Override
    public PolicySnapshot snapshot() {
        var figures = new LinkedHashMap<String, Object>();
        figures.put("delay", config.delay());
        figures.put("sent", sent.sum());
        figures.put("won", won.sum());
        return new PolicySnapshot(kind(), name, "OK", figures);
    }
}
