package dev.plinth.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.schema.Percent;
import dev.plinth.time.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    private final ManualTime time = new ManualTime();

    private RetryBudget budget(double ratio, int floor) {
        return RetryBudget.of("pricing", new BudgetConfig(new Percent(ratio), floor, Duration.ofSeconds(10)), time);
    }

    private static int takeAll(RetryBudget budget) {
        int taken = 0;
        while (taken < 10_000 && budget.take()) {
            taken++;
        }
        return taken;
    }

    @Test
    void allowsTheRatioOfTheCallsAndTheFloor() {
        var budget = budget(0.1, 5);
        for (int i = 0; i < 200; i++) {
            budget.called();
        }
        assertThat(takeAll(budget)).isEqualTo(25);
        assertThat(budget.snapshot())
                .isEqualTo(new PolicySnapshot(
                        "retry-budget", "pricing", "SPENT", budget.snapshot().figures()));
        assertThat(budget.snapshot().figures())
                .containsEntry("recent_calls", 200L)
                .containsEntry("repetitions", 25L)
                .containsEntry("allowed", 25L)
                .containsEntry("refused", 1L);
    }

    @Test
    void withoutCallsThereIsTheFloor() {
        assertThat(takeAll(budget(1, 3))).isEqualTo(3);
        assertThat(takeAll(budget(1, 0))).isZero();
    }

    @Test
    void whatIsOlderThanTheWindowIsForgotten() {
        var budget = budget(0.1, 1);
        for (int i = 0; i < 100; i++) {
            budget.called();
        }
        assertThat(takeAll(budget)).isEqualTo(11);
        time.advance(Duration.ofSeconds(11));
        assertThat(takeAll(budget)).isEqualTo(1);
    }

    @Test
    void aTargetThatFailsAltogetherSeesLittleMoreThanWasAskedFor() {
        var budget = budget(0.1, 10);
        int sent = 0;
        for (int second = 0; second < 60; second++) {
            for (int call = 0; call < 100; call++) {
                budget.called();
                sent++;
                for (int repetition = 0; repetition < 2 && budget.take(); repetition++) {
                    sent++;
                }
                time.advance(Duration.ofMillis(10));
            }
        }
        assertThat(sent / 6000.0).isLessThanOrEqualTo(1.15).isGreaterThan(1.08);
    }
}
