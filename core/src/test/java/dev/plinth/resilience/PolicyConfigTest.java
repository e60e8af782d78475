package dev.plinth.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.config.Arguments;
import dev.plinth.config.Config;
import dev.plinth.config.ConfigException;
import dev.plinth.config.ConfigProblem;
import dev.plinth.config.Layout;
import dev.plinth.config.Sources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The records as they stand in a file. */
class PolicyConfigTest {
    record Pricing(
            RetryConfig retry,
            BudgetConfig budget,
            BreakerConfig breaker,
            BulkheadConfig bulkhead,
            AdaptiveLimitConfig adaptiveLimit,
            Optional<RateLimitConfig> rateLimit,
            Optional<HedgeConfig> hedge) {}

    @TempDir
    Path folder;

    private Pricing load(String yaml) throws Exception {
        Files.writeString(folder.resolve("service.yaml"), yaml);
        var sources = new Sources(Arguments.parse(), Map.of(), folder, ClassLoader.getPlatformClassLoader());
        return Config.load(sources, new Layout().section("pricing", Pricing.class))
                .get("pricing", Pricing.class);
    }

    @Test
    void nothingSaidGivesTheDefaults() throws Exception {
        var pricing = load("pricing: {}");
        assertThat(pricing.retry()).isEqualTo(RetryConfig.defaults());
        assertThat(pricing.breaker()).isEqualTo(BreakerConfig.defaults());
        assertThat(pricing.budget().ratio().fraction()).isEqualTo(0.1);
        assertThat(pricing.rateLimit()).isEmpty();
        assertThat(pricing.hedge()).isEmpty();
    }

    @Test
    void sambasValuesHaveAName() throws Exception {
        var breaker = load("pricing: { breaker: { preset: samba } }").breaker();
        assertThat(breaker).isEqualTo(BreakerConfig.samba());
        assertThat(breaker.effective().consecutiveFailures()).isEqualTo(10);
        assertThat(breaker.effective().openTime()).isEqualTo(Duration.ofSeconds(10));
        assertThat(breaker.effective().trialSuccesses()).isEqualTo(10);
    }

    @Test
    void valuesThatMakeNoSenseAreRefusedAllAtOnceWithTheirPlace() {
        assertThatThrownBy(
                        () -> load(
                                """
                        pricing:
                          retry: { attempts: 0, delay: 0s, max-delay: -1s }
                          budget: { ratio: 101%, floor: -1, window: 0s }
                          breaker: { consecutive-failures: 0, failure-rate: 0%, slow-call: 0s, open-time: -5s, trial-calls: 0 }
                          bulkhead: { max-calls: 0, max-wait: -1ms }
                          adaptive-limit: { initial: 0, tolerance: 0.5 }
                          rate-limit: { calls: 0, burst: 0 }
                          hedge: { delay: 0s, most: 0 }
                        """))
                .isInstanceOfSatisfying(ConfigException.class, wrong -> assertThat(wrong.problems())
                        .extracting(ConfigProblem::key)
                        .containsExactlyInAnyOrder(
                                "pricing.retry.attempts",
                                "pricing.retry.delay",
                                "pricing.retry.max-delay",
                                "pricing.budget.ratio",
                                "pricing.budget.floor",
                                "pricing.budget.window",
                                "pricing.breaker.consecutive-failures",
                                "pricing.breaker.failure-rate",
                                "pricing.breaker.slow-call",
                                "pricing.breaker.open-time",
                                "pricing.breaker.trial-calls",
                                "pricing.bulkhead.max-calls",
                                "pricing.bulkhead.max-wait",
                                "pricing.adaptive-limit.initial",
                                "pricing.adaptive-limit.tolerance",
                                "pricing.rate-limit.calls",
                                "pricing.rate-limit.burst",
                                "pricing.hedge.delay",
                                "pricing.hedge.most"))
                .hasMessageContaining("pricing.retry.attempts: 0 (expected: 1..100) [service.yaml:2:22]");
    }

    @Test
    void whatDoesNotFitTogetherIsRefused() {
        assertThatThrownBy(() -> load("pricing: { breaker: { preset: samba, open-time: 3s } }"))
                .hasMessageContaining("pricing.breaker: must have no other values beside a preset");
        assertThatThrownBy(() -> load("pricing: { adaptive-limit: { min: 50, initial: 20 } }"))
                .hasMessageContaining("pricing.adaptive-limit: must have min <= initial <= max");
        assertThatThrownBy(() -> load("pricing: { rate-limit: { calls: 2000000 } }"))
                .hasMessageContaining("pricing.rate-limit: must be at most one call a microsecond");
        assertThatThrownBy(() -> load("pricing: { breaker: { open-tme: 3s } }"))
                .hasMessageContaining("did you mean pricing.breaker.open-time?");
    }
}
