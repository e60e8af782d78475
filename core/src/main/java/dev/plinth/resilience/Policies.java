package dev.plinth.resilience;

import dev.plinth.error.Problem;
import dev.plinth.time.Time;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policies of one service: where they report to, and where they can be seen together.
 *
 * <p>Each policy is made with one: {@code Breaker.of("pricing", config, service.policies())}. Used alone, with a {@link
 * Time} in its place, it has one of its own.
 * Events go to the listeners and nowhere else; a service logs and counts them. Thread-safe.
 */
public final class Policies {
    private static final Logger LOG = LoggerFactory.getLogger(Policies.class);

    private final Time time;
    private final ConcurrentHashMap<String, Policy> policies = new ConcurrentHashMap<>();
    private final List<Supplier<List<PolicySnapshot>>> others = new CopyOnWriteArrayList<>();
    private final List<Consumer<PolicyEvent>> listeners = new CopyOnWriteArrayList<>();

    /** None yet; {@code time} is the clock, the sleeper and the chance of all that are added. */
    public Policies(Time time) {
        this.time = time;
    }

    /** The clock, the sleeper and the chance of these policies. */
    public Time time() {
        return time;
    }

    /** Tells {@code listener} of all events, on the thread of the call. It must be quick; what it throws is logged. */
    public void listen(Consumer<PolicyEvent> listener) {
        listeners.add(listener);
    }

    /** Shows what is no policy around calls beside them, such as who is let in by a listener. */
    public void show(Supplier<List<PolicySnapshot>> more) {
        others.add(more);
    }

    /** Where each stands, by kind and name. */
    public List<PolicySnapshot> snapshots() {
        var all = new ArrayList<PolicySnapshot>();
        for (var policy : policies.values()) {
            all.add(policy.snapshot());
        }
        for (var more : others) {
            all.addAll(more.get());
        }
        all.sort(Comparator.comparing(PolicySnapshot::policy).thenComparing(PolicySnapshot::name));
        return all;
    }

    /** Forgets a policy whose target is gone. */
    public void remove(Policy policy) {
        policies.remove(key(policy), policy);
    }

    /**
     * Lists a new one.
     *
     * @throws IllegalArgumentException if there is one of that kind and name
     */
    <P extends Policy> P add(P policy) {
        if (policies.putIfAbsent(key(policy), policy) != null) {
            throw new IllegalArgumentException(policy.kind() + " '" + policy.name()
                    + "' is there already. Give each a name of its own, or share the one.");
        }
        return policy;
    }

    private static String key(Policy policy) {
        return policy.kind() + " " + policy.name();
    }

    void tell(PolicyEvent event) {
        for (var listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException failed) {
                LOG.warn("a listener failed on {}", event, failed);
            }
        }
    }

    /** Tells of a refusal and gives the problem to throw, which is neither counted nor repeated, here or further up. */
    Problem refuse(Policy policy, String code, String detail) {
        return refuse(policy, Problem.refusal(code, detail, Map.of(Failures.RETRYABLE, false)));
    }

    /** The same, for a refusal that says how long it will last. */
    Problem refuse(Policy policy, String code, String detail, long nanos) {
        var members = Map.<String, Object>of(Failures.RETRYABLE, false, Failures.RETRY_AFTER, Failures.seconds(nanos));
        return refuse(policy, Problem.refusal(code, detail, members));
    }

    /** The same, with a problem of its own. */
    Problem refuse(Policy policy, Problem problem) {
        tell(new PolicyEvent.Rejected(policy.kind(), policy.name(), problem.code()));
        return Failures.refusedBy(policy, problem);
    }
}
