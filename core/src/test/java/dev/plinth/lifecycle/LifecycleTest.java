package dev.plinth.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LifecycleTest {
    private final List<String> log = new ArrayList<>();
    private final Lifecycle lifecycle = new Lifecycle();

    private Component recording(String name) {
        return new Component() {
            @Override
            public void start() {
                log.add("+" + name);
            }

            @Override
            public void stop() {
                log.add("-" + name);
            }
        };
    }

    @Test
    void startsInOrderAndStopsInReverse() {
        lifecycle.add("a", recording("a"));
        lifecycle.add("b", recording("b"));
        lifecycle.add("c", recording("c"));
        assertThat(lifecycle.state()).isEqualTo(State.NEW);

        lifecycle.start();
        assertThat(lifecycle.state()).isEqualTo(State.STARTING);
        lifecycle.running();
        assertThat(lifecycle.state()).isEqualTo(State.RUNNING);
        assertThat(lifecycle.stopping()).isTrue();
        assertThat(lifecycle.stopping()).isFalse();
        assertThat(lifecycle.state()).isEqualTo(State.STOPPING);
        while (!lifecycle.openNames().isEmpty()) {
            lifecycle.stopLast();
        }
        lifecycle.stopped();

        assertThat(lifecycle.state()).isEqualTo(State.STOPPED);
        assertThat(log).containsExactly("+a", "+b", "+c", "-c", "-b", "-a");
    }

    @Test
    void failedStartClosesWhatWasOpen_andSuppressesLaterFailures() {
        lifecycle.add("a", recording("a"));
        lifecycle.add("b", new Component() {
            @Override
            public void stop() throws Exception {
                throw new Exception("b won't close");
            }
        });
        lifecycle.add("c", new Component() {
            @Override
            public void start() throws Exception {
                throw new Exception("no route to host");
            }

            @Override
            public void stop() {
                log.add("never: it was not open");
            }
        });
        lifecycle.add("d", recording("d"));

        assertThatThrownBy(lifecycle::start)
                .isInstanceOf(Lifecycle.StartFailed.class)
                .hasMessage("'c' could not start: no route to host")
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("b won't close"));
        assertThat(lifecycle.state()).isEqualTo(State.FAILED);
        assertThat(log).containsExactly("+a", "-a");
    }

    @Test
    void refusesWhatComesTooLateOrTwice() {
        lifecycle.add("a", recording("a"));
        assertThatThrownBy(() -> lifecycle.add("a", recording("a")))
                .hasMessage("component 'a' is there already. Give each a name of its own.");
        lifecycle.start();
        assertThatThrownBy(() -> lifecycle.add("b", recording("b")))
                .hasMessage("component 'b' was added while the service is STARTING."
                        + " Add components in compose, before the start.");
        assertThatThrownBy(lifecycle::start).hasMessage("can't become STARTING from STARTING (expected: NEW)");
    }

    @Test
    void stopStepsRunInOrder_aFailureDoesNotHinderTheNext() {
        var sequence = new StopSequence(new ManualTime())
                .step("one", Duration.ofSeconds(1), () -> {
                    log.add("one");
                    throw new IllegalStateException("broken");
                })
                .step("two", Duration.ofSeconds(1), () -> {
                    log.add("two");
                    return null;
                });

        assertThat(sequence.run()).isFalse();
        assertThat(log).containsExactly("one", "two");
    }

    @Test
    void stopStepThatPassesItsDeadlineIsInterruptedAndLeft() throws InterruptedException {
        var time = new ManualTime();
        var sequence = new StopSequence(time)
                .step("hangs", Duration.ofSeconds(2), () -> {
                    try {
                        time.sleep(Duration.ofDays(1));
                    } catch (InterruptedException interrupted) {
                        log.add("interrupted");
                    }
                    return null;
                })
                .step("next", Duration.ofSeconds(1), () -> {
                    log.add("next");
                    return null;
                });
        var clean = new ArrayList<Boolean>();
        var runner = Thread.ofVirtual().start(() -> clean.add(sequence.run()));
        time.awaitSleepers(1);
        while (time.pending() < 2) {
            Thread.onSpinWait(); // until the step's own limit is set beside the sleeper's
        }

        time.advance(Duration.ofSeconds(2));
        runner.join();

        assertThat(clean).containsExactly(false);
        assertThat(log).contains("next");
    }
}
