package dev.plinth.resilience;

import dev.plinth.time.Time;
import java.util.LinkedHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers with something else where a call failed: the last known value, a default, an empty list.
 *
 * <pre>{@code
 * var fallback = Fallback.of("pricing", Time.system());
 * Quote quote = fallback.call(() -> fetch(item), failure -> Quote.listPrice(item));
 * }</pre>
 *
 * <p>It stands outside of all other policies and answers for their refusals too. What is the caller's own fault (4xx), an
 * interruption or an {@link Error} passes through: those are to be seen. Thread-safe.
 */
public final class Fallback implements Policy {
    private final String name;
    private final Classifier classifier;
    private final Policies policies;
    private final LongAdder used = new LongAdder();

    private Fallback(String name, Classifier classifier, Policies policies) {
        this.name = name;
        this.classifier = classifier;
        this.policies = policies;
    }

    /** One to be used alone, with the standard classifier. */
    public static Fallback of(String name, Time time) {
        return of(name, Classifier.STANDARD, new Policies(time));
    }

    /**
     * One of a service's.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    public static Fallback of(String name, Classifier classifier, Policies policies) {
        return policies.add(new Fallback(name, classifier, policies));
    }

    /**
     * Calls {@code op}; where it fails, gives what {@code alternative} makes of the failure.
     *
     * @throws X what {@code op} throws and is no failure of the other side; what {@code alternative} throws, the failure
     *     suppressed in it
     */
    public <T extends @Nullable Object, X extends Throwable> T call(
            ScopedValue.CallableOp<T, X> op, Function<? super Throwable, ? extends T> alternative) throws X {
        try {
            return op.call();
        } catch (Throwable failure) {
            if (failure instanceof Error || Failures.isInterruption(failure) || isAnswer(failure)) {
                throw failure;
            }
            used.increment();
            policies.tell(new PolicyEvent.FellBack(name, failure));
            try {
                return alternative.apply(failure);
            } catch (RuntimeException alsoFailed) {
                Failures.suppress(failure, alsoFailed);
                throw alsoFailed;
            }
        }
    }

    private boolean isAnswer(Throwable failure) {
        var verdict = Failures.verdict(classifier, failure);
        return verdict.effect() == Verdict.Effect.SUCCESS && verdict.repeat() == Verdict.Repeat.NEVER;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return "fallback";
    }

    @Override
    public PolicySnapshot snapshot() {
        var figures = new LinkedHashMap<String, Object>();
        figures.put("used", used.sum());
        return new PolicySnapshot(kind(), name, "OK", figures);
    }
}
