package dev.plinth.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The storm experiment in small: no figures, only that there is no storm. */
@Timeout(120)
class StormTest {
    private static final int RATE = 60;

    @Test
    void failingLeafIsNotCalledMoreOftenThanItsCallersAreAsked() throws InterruptedException {
        try (var storm = warm(Storm.Calls.WITHOUT_BREAKERS)) {
            storm.leaf(Storm.Leaf.FAILS);
            var seen = storm.run(RATE, Duration.ofSeconds(3));

            assertThat(seen.good()).isZero();
            // A tenth of these calls and of those that warmed it up, and the floor of ten in ten seconds.
            assertThat(seen.reached()).isLessThanOrEqualTo((long) (seen.asked() * 1.1) + 24);
        }
    }

    @Test
    void naiveRetriesMultiply() throws InterruptedException {
        try (var storm = new Storm(3, Storm.Calls.NAIVE)) {
            storm.run(RATE, Duration.ofSeconds(1));
            storm.leaf(Storm.Leaf.FAILS);
            assertThat(storm.run(10, Duration.ofSeconds(1)).amplification()).isBetween(8.0, 16.0);
        }
    }

    @Test
    void breakerOpensAndTheChainRecovers() throws InterruptedException {
        try (var storm = warm(Storm.Calls.DEFAULT)) {
            storm.leaf(Storm.Leaf.FAILS);
            var seen = storm.run(RATE, Duration.ofSeconds(3));
            assertThat(seen.amplification()).isLessThan(0.7);

            storm.leaf(Storm.Leaf.WELL);
            assertThat(storm.untilWell(RATE, Duration.ofSeconds(20))).isLessThan(Duration.ofSeconds(8));
        }
    }

    @Test
    void nothingBeginsAfterTheCallerHasGone() throws InterruptedException {
        try (var storm = warm(Storm.Calls.WITHOUT_BREAKERS)) {
            storm.leaf(Storm.Leaf.SLOW);
            var seen = storm.run(RATE, Duration.ofSeconds(2));

            assertThat(seen.good()).isZero();
            assertThat(seen.late()).isZero();
            assertThat(seen.amplification()).isLessThanOrEqualTo(1.2);
        }
    }

    @Test
    void halfOfTheAnswersStillCome() throws InterruptedException {
        try (var storm = warm(Storm.Calls.WITHOUT_BREAKERS)) {
            storm.leaf(Storm.Leaf.HALF_FAILS);
            assertThat(storm.run(RATE, Duration.ofSeconds(4)).goodput()).isGreaterThan(0.4);
        }
    }

    private static Storm warm(Storm.Calls calls) throws InterruptedException {
        var storm = new Storm(5, calls);
        storm.run(RATE, Duration.ofSeconds(2));
        return storm;
    }
}
