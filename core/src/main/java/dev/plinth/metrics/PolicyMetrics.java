package dev.plinth.metrics;

import dev.plinth.resilience.PolicyEvent;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Counts what policies do, by the name of the target: {@code policy_retries}, {@code policy_given_up}, {@code
 * policy_rejected}, {@code policy_timed_out}, {@code policy_hedged}, {@code policy_fell_back}, {@code circuit_changes};
 * and {@code circuit_state}: 0 closed, 1 open, 2 half-open, from its first change on. Thread-safe.
 */
public final class PolicyMetrics implements Consumer<PolicyEvent> {
    private final Metrics metrics;
    private final ConcurrentHashMap<String, AtomicInteger> circuits = new ConcurrentHashMap<>();

    /** To be given to {@code Policies.listen}. */
    public PolicyMetrics(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void accept(PolicyEvent event) {
        var name = event.name();
        switch (event) {
            case PolicyEvent.CircuitChanged changed -> changed(changed);
            case PolicyEvent.Retried _ -> count("policy_retries", "name", name);
            case PolicyEvent.GivenUp givenUp ->
                count(
                        "policy_given_up",
                        "name",
                        name,
                        "reason",
                        givenUp.mark().reason().name());
            case PolicyEvent.Rejected rejected -> count("policy_rejected", "name", name, "code", rejected.code());
            case PolicyEvent.TimedOut _ -> count("policy_timed_out", "name", name);
            case PolicyEvent.Hedged _ -> count("policy_hedged", "name", name);
            case PolicyEvent.FellBack _ -> count("policy_fell_back", "name", name);
        }
    }

    private void count(String counter, String... tags) {
        metrics.counter(counter, tags).increment();
    }

    private void changed(PolicyEvent.CircuitChanged changed) {
        count("circuit_changes", "name", changed.name(), "to", changed.to().name());
        circuits.computeIfAbsent(changed.name(), name -> {
                    var state = new AtomicInteger();
                    metrics.gauge("circuit_state", state::get, "name", name);
                    return state;
                })
                .set(
                        switch (changed.to()) {
                            case CLOSED -> 0;
                            case OPEN -> 1;
                            case HALF_OPEN -> 2;
                        });
    }
}
