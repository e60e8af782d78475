package dev.plinth.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.plinth.error.Problem;
import dev.plinth.schema.Percent;
import dev.plinth.time.ManualTime;
import dev.plinth.time.Time;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

@org.junit.jupiter.api.Timeout(60) // Timeout alone is the policy
class BreakerTest {
    private final ManualTime time = new ManualTime();
    private final Policies policies = new Policies(time);
    private final List<PolicyEvent> events = new ArrayList<>();

    BreakerTest() {
        policies.listen(events::add);
    }

    private Breaker breaker(BreakerConfig config) {
        return Breaker.of("pricing", config, Classifier.STANDARD, policies);
    }

    /** Two failures in a row open it for ten seconds; two trials at a time, three successes close it. */
    private static BreakerConfig small() {
        return new BreakerConfig(
                true,
                BreakerConfig.Preset.STANDARD,
                2,
                new Percent(1),
                Optional.empty(),
                new Percent(1),
                1000,
                Duration.ofSeconds(10),
                Optional.empty(),
                Duration.ofSeconds(10),
                2,
                3);
    }

    private static BreakerConfig rates(Percent failures, int minimum, Optional<Integer> calls) {
        return new BreakerConfig(
                true,
                BreakerConfig.Preset.STANDARD,
                1_000_000,
                failures,
                Optional.of(Duration.ofMillis(100)),
                new Percent(0.5),
                minimum,
                Duration.ofSeconds(10),
                calls,
                Duration.ofSeconds(10),
                1,
                1);
    }

    private static void fail(Breaker breaker) {
        assertThatThrownBy(() -> breaker.call(() -> {
                    throw new IOException("down");
                }))
                .isInstanceOf(IOException.class);
    }

    private static void succeed(Breaker breaker) {
        assertThat(breaker.call(() -> "ok")).isEqualTo("ok");
    }

    private void slow(Breaker breaker) {
        breaker.call(() -> {
            time.advance(Duration.ofMillis(100));
            return "ok";
        });
    }

    private static void refuse(Breaker breaker) {
        assertThatThrownBy(() -> breaker.call(() -> {
                    throw new AssertionError("was called");
                }))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.code()).isEqualTo("CIRCUIT_OPEN");
                    assertThat(problem.status()).isEqualTo(503);
                });
    }

    @Test
    void opensAfterFailuresInARowAndNotAfterAsManyWithASuccessBetween() {
        var breaker = breaker(small());
        fail(breaker);
        succeed(breaker);
        fail(breaker);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        fail(breaker);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        assertThat(events)
                .containsExactly(new PolicyEvent.CircuitChanged(
                        "pricing", BreakerState.CLOSED, BreakerState.OPEN, "2 failures in a row"));
    }

    @Test
    void refusesWhileOpenAndSaysWhenToComeBack() {
        var breaker = breaker(small());
        fail(breaker);
        fail(breaker);
        time.advance(Duration.ofMillis(8600));
        var problem = catchThrowableOfType(Problem.class, () -> breaker.call(() -> "ok"));
        assertThat(problem)
                .hasMessage("CIRCUIT_OPEN: circuit 'pricing' is open: too many calls failed. Next trial in 1.4 s");
        assertThat(problem.members()).containsEntry("retry_after", 2).containsEntry("retryable", false);
        assertThat(Refused.is(problem)).isTrue();
        assertThat(breaker.snapshot().figures()).containsEntry("refused", 1L).containsEntry("next_trial_ms", 1400L);
    }

    @Test
    void theCallThatFindsTheOpenTimeOverIsATrial() {
        var breaker = breaker(small());
        fail(breaker);
        fail(breaker);
        time.advance(Duration.ofSeconds(10));
        succeed(breaker);
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        succeed(breaker);
        succeed(breaker);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void oneFailedTrialOpensItAgainForTheWholeTime() {
        var breaker = breaker(small());
        fail(breaker);
        fail(breaker);
        time.advance(Duration.ofSeconds(10));
        succeed(breaker);
        fail(breaker);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        time.advance(Duration.ofSeconds(10).minusNanos(1));
        refuse(breaker);
        time.advance(Duration.ofNanos(1));
        succeed(breaker);
    }

    @Test
    void theCountersBeginAtZeroWhenItCloses() {
        var breaker = breaker(small());
        fail(breaker);
        fail(breaker);
        time.advance(Duration.ofSeconds(10));
        for (int i = 0; i < 3; i++) {
            succeed(breaker);
        }
        fail(breaker);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void opensAtTheFailureRateOnceThereAreEnoughCalls() {
        var breaker = breaker(rates(new Percent(0.6), 10, Optional.empty()));
        for (int i = 0; i < 4; i++) {
            succeed(breaker);
        }
        for (int i = 0; i < 5; i++) {
            fail(breaker);
        }
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        fail(breaker);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        assertThat(((PolicyEvent.CircuitChanged) events.getLast()).why()).isEqualTo("6 of the last 10 calls failed");
    }

    @Test
    void callsThatAreOlderThanTheWindowDontCount() {
        var breaker = breaker(rates(new Percent(0.6), 10, Optional.empty()));
        for (int i = 0; i < 9; i++) {
            fail(breaker);
        }
        time.advance(Duration.ofSeconds(11));
        fail(breaker);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(breaker.snapshot().figures())
                .containsEntry("recent_calls", 1L)
                .containsEntry("failure_rate", "100.0%");
    }

    @Test
    void aWindowOfCallsForgetsTheOldestAndNotTheOld() {
        var breaker = breaker(rates(new Percent(0.6), 10, Optional.of(10)));
        for (int i = 0; i < 5; i++) {
            fail(breaker);
        }
        time.advance(Duration.ofHours(1));
        for (int i = 0; i < 8; i++) {
            succeed(breaker);
        }
        // Of the last ten two failed; three more make five of ten, the fourth six of ten.
        for (int i = 0; i < 5; i++) {
            fail(breaker);
            assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        }
        fail(breaker);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void opensAtTheRateOfSlowCallsThatSucceed() {
        var breaker = breaker(rates(new Percent(1), 4, Optional.empty()));
        succeed(breaker);
        succeed(breaker);
        slow(breaker);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        slow(breaker);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        assertThat(((PolicyEvent.CircuitChanged) events.getLast()).why())
                .isEqualTo("2 of the last 4 calls took longer than 100 ms");
    }

    @Test
    void aSlowTrialOpensItAgain() {
        var breaker = breaker(rates(new Percent(1), 2, Optional.empty()));
        slow(breaker);
        slow(breaker);
        time.advance(Duration.ofSeconds(10));
        slow(breaker);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void clientErrorsAreNoFailuresAndServerErrorsAre() {
        var breaker = breaker(small());
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> breaker.call(() -> {
                        throw Problem.notFound("NO_ORDER", "no order");
                    }))
                    .isNotNull();
        }
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> breaker.call(() -> {
                        throw Problem.unavailable("DOWN", "down");
                    }))
                    .isNotNull();
        }
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void aResultCanBeAFailureWithoutBeingThrown() {
        Classifier byStatus =
                result -> result instanceof Integer status && status >= 500 ? Verdict.FAILURE : Verdict.SUCCESS;
        var breaker = Breaker.of("pricing", small(), byStatus, policies);
        assertThat(breaker.call(() -> 503)).isEqualTo(503);
        assertThat(breaker.call(() -> 200)).isEqualTo(200);
        breaker.call(() -> 503);
        breaker.call(() -> 503);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void whatFailedFurtherDownIsNotTheTargetsFault() {
        var breaker = breaker(small());
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> breaker.call(() -> {
                        throw Problem.unavailable("CIRCUIT_OPEN", "circuit 'tariffs' is open")
                                .with("retryable", false);
                    }))
                    .isNotNull();
        }
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(breaker.snapshot().figures()).containsEntry("recent_calls", 0L);
    }

    @Test
    void limitsTheTrialsAtOneTime() throws Exception {
        var breaker = breaker(small());
        fail(breaker);
        fail(breaker);
        time.advance(Duration.ofSeconds(10));
        var release = new CountDownLatch(1);
        var inside = new CountDownLatch(2);
        var trials = new ArrayList<Thread>();
        for (int i = 0; i < 2; i++) {
            trials.add(Thread.startVirtualThread(() -> breaker.call(() -> {
                inside.countDown();
                awaitQuietly(release);
                return "ok";
            })));
        }
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> breaker.call(() -> "ok"))
                .hasMessage("CIRCUIT_OPEN: circuit 'pricing' is half-open, and its trial calls are on their way");
        release.countDown();
        for (var trial : trials) {
            trial.join();
        }
        succeed(breaker);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aTrialThatIsCancelledOrDiesGivesItsPlaceBack() {
        Classifier broken = result -> {
            if ("unreadable".equals(result)) {
                throw new IllegalStateException("can't judge");
            }
            return Verdict.SUCCESS;
        };
        var breaker = Breaker.of("pricing", small(), broken, policies);
        fail(breaker);
        fail(breaker);
        time.advance(Duration.ofSeconds(10));
        for (int i = 0; i < 3; i++) { // more often than there are places
            assertThatThrownBy(() -> breaker.call(() -> {
                        throw new InterruptedException();
                    }))
                    .isInstanceOf(InterruptedException.class);
            assertThatThrownBy(() -> breaker.call(() -> {
                        throw new StackOverflowError();
                    }))
                    .isInstanceOf(StackOverflowError.class);
            assertThatThrownBy(() -> breaker.call(() -> "unreadable")).hasMessage("can't judge");
        }
        assertThat(breaker.snapshot().figures())
                .containsEntry("trials_running", 0)
                .containsEntry("trials_succeeded", 0);
        for (int i = 0; i < 3; i++) {
            succeed(breaker);
        }
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void trialsThatHangDontHoldTheDoorForever() throws Exception {
        var breaker = breaker(small());
        fail(breaker);
        fail(breaker);
        time.advance(Duration.ofSeconds(10));
        var release = new CountDownLatch(1);
        var inside = new CountDownLatch(2);
        var hanging = new ArrayList<Thread>();
        for (int i = 0; i < 2; i++) {
            hanging.add(Thread.startVirtualThread(() -> breaker.call(() -> {
                inside.countDown();
                awaitQuietly(release);
                return "late";
            })));
        }
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        refuse(breaker);
        time.advance(Duration.ofSeconds(10));
        succeed(breaker);
        refuse(breaker);
        release.countDown();
        for (var thread : hanging) {
            thread.join();
        }
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void aCallThatEndsInALaterStayIsNotCountedThere() {
        var breaker = breaker(small());
        var nested = catchThrowable(() -> breaker.call(() -> {
            fail(breaker);
            fail(breaker);
            time.advance(Duration.ofSeconds(10));
            succeed(breaker); // half-open now
            throw new IOException("from before it opened");
        }));
        assertThat(nested).isInstanceOf(IOException.class);
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void aDisabledOneCountsAndNeverOpens() {
        var off = new BreakerConfig(
                false,
                BreakerConfig.Preset.STANDARD,
                1,
                new Percent(0.1),
                Optional.empty(),
                new Percent(1),
                1,
                Duration.ofSeconds(10),
                Optional.empty(),
                Duration.ofSeconds(10),
                1,
                1);
        var breaker = breaker(off);
        for (int i = 0; i < 50; i++) {
            fail(breaker);
        }
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(breaker.snapshot().figures()).containsEntry("failures", 50L);
    }

    @Test
    void sambasPresetTripsAfterTenOpensForTenSecondsAndClosesAfterTen() {
        var breaker = breaker(BreakerConfig.samba());
        for (int i = 0; i < 9; i++) {
            fail(breaker);
        }
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        fail(breaker);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        time.advance(Duration.ofSeconds(10).minusNanos(1));
        refuse(breaker);
        time.advance(Duration.ofNanos(1));
        for (int i = 0; i < 10; i++) {
            assertThat(breaker.state()).isNotEqualTo(BreakerState.CLOSED);
            succeed(breaker);
        }
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void halfTheCallsFailingDoesNotOpenItByDefault() {
        var breaker = breaker(BreakerConfig.defaults());
        for (int i = 0; i < 20_000; i++) {
            if (time.random().nextBoolean()) {
                fail(breaker);
            } else {
                succeed(breaker);
            }
            time.advance(Duration.ofMillis(10));
        }
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(breaker.snapshot().figures()).containsEntry("opened", 0L);
    }

    @Test
    void threadsThatRaceForATrialGetAsManyAsThereArePlaces() throws Exception {
        for (int round = 0; round < 200; round++) {
            var breaker = Breaker.of("round " + round, small(), Classifier.STANDARD, policies);
            fail(breaker);
            fail(breaker);
            time.advance(Duration.ofSeconds(10));
            var inside = new AtomicInteger();
            var refused = new CountDownLatch(6);
            var release = new CountDownLatch(1);
            var failure = new AtomicReference<Throwable>();
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 8; i++) {
                threads.add(Thread.ofVirtual().start(() -> {
                    try {
                        breaker.call(() -> {
                            inside.incrementAndGet();
                            awaitQuietly(release);
                            return "ok";
                        });
                    } catch (Problem full) {
                        refused.countDown();
                    } catch (Throwable unexpected) {
                        failure.set(unexpected);
                    }
                }));
            }
            assertThat(refused.await(10, TimeUnit.SECONDS)).isTrue();
            release.countDown();
            for (var thread : threads) {
                thread.join();
            }
            assertThat(failure.get()).isNull();
            assertThat(inside).hasValue(2);
            assertThat(breaker.snapshot().figures()).containsEntry("trials_running", 0);
        }
    }

    @Test
    void countsEveryCallOfManyThreads() throws Exception {
        var breaker = breaker(rates(new Percent(1), 1_000_000, Optional.empty()));
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int n = 0; n < 20_000; n++) {
                    if (n % 4 == 0) {
                        fail(breaker);
                    } else {
                        breaker.call(() -> "ok");
                    }
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        assertThat(breaker.snapshot().figures())
                .containsEntry("recent_calls", 80_000L)
                .containsEntry("failures", 20_000L);
    }

    @Test
    void aSuccessAllocatesNothing() {
        var breaker = Breaker.of("real", BreakerConfig.defaults(), Time.system());
        ScopedValue.CallableOp<String, RuntimeException> op = () -> "ok";
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 20_000; i++) {
            breaker.call(op);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100_000; i++) {
            breaker.call(op);
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(bytes / 100_000).as("bytes a call").isZero();
    }
}
