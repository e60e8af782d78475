package dev.plinth.resilience;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.schema.Percent;
import dev.plinth.schema.Schema;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.util.Optional;

/**
 * When a circuit opens, for how long, and what closes it again.
 *
 * @param enabled whether it opens at all
 * @param preset whose values hold. With {@code SAMBA} those of samba-chassis: 10 failures in a row, 10 s open, 10
 *     successful trials; nothing else may be said then.
 * @param consecutiveFailures failures in a row that open it. Choose so many that chance doesn't make them: at a failure
 *     rate that the callers can live with, rate^n should be rare.
 * @param failureRate the share of failures in the window that opens it. Choose more than what retries and fallbacks
 *     still cure: below it, a call is better than a refusal.
 * @param slowCall from when on a call that succeeds counts as slow. If not set, none does.
 * @param slowCallRate the share of slow calls in the window that opens it
 * @param minimumCalls calls that must be in the window before a rate means anything
 * @param window the stretch of time that the rates are of
 * @param windowCalls if set, the rates are of this number of last calls, however old, and {@code window} isn't used
 * @param openTime how long it stays open before it lets trial calls pass. Choose about what the other side takes to
 *     start again.
 * @param trialCalls trial calls at one time when the open time is over
 * @param trialSuccesses trial calls in a row that must succeed to close it; one failure opens it again
 */
public record BreakerConfig(
        @Default("true") @Doc("Whether it opens at all.") boolean enabled,
        @Default("standard") @Doc("Whose values hold; with samba nothing else may be said.") Preset preset,
        @Default("20") @Positive @Doc("Failures in a row that open it.") int consecutiveFailures,
        @Default("80%") @Positive @DecimalMax("100%") @Doc("The share of failures in the window that opens it.")
                Percent failureRate,
        @Doc("From when on a call counts as slow; without it none does.") Optional<@Positive Duration> slowCall,
        @Default("80%") @Positive @DecimalMax("100%") @Doc("The share of slow calls in the window that opens it.")
                Percent slowCallRate,
        @Default("20") @Positive @Doc("Calls that must be in the window before a rate means anything.")
                int minimumCalls,
        @Default("10s") @Positive @Doc("The stretch of time that the rates are of.") Duration window,
        @Doc("If set, the rates are of this number of last calls.")
                Optional<@Positive @Max(100_000) Integer> windowCalls,
        @Default("5s") @Positive @Doc("How long it stays open before it lets trial calls pass.") Duration openTime,
        @Default("3") @Positive @Doc("Trial calls at one time.") int trialCalls,
        @Default("3") @Positive @Doc("Trial calls that must succeed to close it.") int trialSuccesses) {

    /** Values that have a name. */
    public enum Preset {
        /** Those that stand here. */
        STANDARD,
        /** Those of samba-chassis' circuit breaker; its request time-out of 5 s is the client's own default. */
        SAMBA
    }

    /** The values of one that nothing is said about. */
    public static BreakerConfig defaults() {
        return Schema.of(BreakerConfig.class).defaults();
    }

    /** Those of samba-chassis: 10 failures in a row, 10 s open, 10 successful trials, no rates. */
    public static BreakerConfig samba() {
        return defaults().with(Preset.SAMBA);
    }

    private BreakerConfig with(Preset other) {
        return new BreakerConfig(
                enabled,
                other,
                consecutiveFailures,
                failureRate,
                slowCall,
                slowCallRate,
                minimumCalls,
                window,
                windowCalls,
                openTime,
                trialCalls,
                trialSuccesses);
    }

    /** A preset is whole. */
    @AssertTrue(message = "must have no other values beside a preset")
    boolean presetAlone() {
        return preset == Preset.STANDARD || !enabled || equals(samba());
    }

    /** The values that hold: the preset's where there is one. */
    BreakerConfig effective() {
        if (preset == Preset.STANDARD) {
            return this;
        }
        return new BreakerConfig(
                enabled,
                preset,
                10,
                new Percent(1),
                Optional.empty(),
                new Percent(1),
                Integer.MAX_VALUE,
                window,
                Optional.empty(),
                Duration.ofSeconds(10),
                10,
                10);
    }
}
