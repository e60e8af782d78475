package dev.plinth;

import dev.plinth.resilience.BreakerState;
import dev.plinth.resilience.PolicyEvent;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what policies do: a circuit that changes for the operator, the rest for who looks for a fault. Thread-safe. */
final class PolicyLog implements Consumer<PolicyEvent> {
    private final Logger log = LoggerFactory.getLogger("dev.plinth.resilience");

    @Override
    public void accept(PolicyEvent event) {
        switch (event) {
            case PolicyEvent.CircuitChanged changed
            when changed.to() == BreakerState.OPEN ->
                log.warn("circuit '{}' opened: {}", changed.name(), changed.why());
            case PolicyEvent.CircuitChanged changed ->
                log.info("circuit '{}' is {}: {}", changed.name(), changed.to(), changed.why());
            case PolicyEvent.GivenUp givenUp -> log.debug("{}", givenUp.mark().getMessage());
            case PolicyEvent.Retried retried ->
                log.debug("'{}': attempt {} follows: {}", retried.name(), retried.attempt(), retried.why());
            default -> log.debug("{}", event);
        }
    }
}
