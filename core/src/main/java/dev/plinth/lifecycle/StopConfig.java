package dev.plinth.lifecycle;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.schema.Live;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;

/**
 * How a service stops, section {@code stop}. The sum of all is what an orchestrator must grant before it kills: with the
 * defaults 29 s, under the 30 s of Kubernetes.
 *
 * @param drainDelay how long to go on serving after readiness went off. Choose more than the balancer in front needs to
 *     notice: its check interval times its threshold. 0 where nothing is in front.
 * @param inFlightTimeout how long requests that have begun may still take; then they are interrupted
 * @param flushTimeout how long telemetry may take to be sent
 * @param componentTimeout how long one component may take to close; then it is interrupted and left
 */
public record StopConfig(
        @Default("5s") @PositiveOrZero @Doc("How long to go on serving after readiness went off.")
                Live<Duration> drainDelay,
        @Default("15s") @Positive @Doc("How long requests that have begun may still take.")
                Live<Duration> inFlightTimeout,
        @Default("3s") @Positive @Doc("How long telemetry may take to be sent.") Live<Duration> flushTimeout,
        @Default("5s") @Positive @Doc("How long one component may take to close.") Live<Duration> componentTimeout) {}
