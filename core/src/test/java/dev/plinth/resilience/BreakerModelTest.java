package dev.plinth.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.error.Problem;
import dev.plinth.schema.Percent;
import dev.plinth.time.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The breaker against one that is slow and plain: the same random calls at the same times lead to the same states. */
class BreakerModelTest {
    private static final long PART = Duration.ofSeconds(10).toNanos() / 16;

    private record Ended(long part, boolean failed, boolean slow) {}

    /** The rules as one would say them, with a list of all calls. */
    private static final class Model {
        final BreakerConfig config;
        final ArrayDeque<Ended> ended = new ArrayDeque<>();
        BreakerState state = BreakerState.CLOSED;
        int inARow;
        int succeeded;
        long openUntil;
        long closedAt;

        Model(BreakerConfig config) {
            this.config = config;
        }

        boolean admits(long now) {
            if (state == BreakerState.OPEN && now >= openUntil) {
                state = BreakerState.HALF_OPEN;
                succeeded = 0;
            }
            return state != BreakerState.OPEN;
        }

        void end(boolean failed, boolean slow, long now) {
            if (state == BreakerState.HALF_OPEN) {
                if (failed || slow) {
                    open(now);
                } else if (++succeeded == config.trialSuccesses()) {
                    state = BreakerState.CLOSED;
                    ended.clear();
                    closedAt = now;
                    inARow = 0;
                }
                return;
            }
            long part = (now - closedAt) / PART;
            ended.addLast(new Ended(part, failed, slow && !failed));
            if (config.windowCalls().isPresent()) {
                while (ended.size() > config.windowCalls().get()) {
                    ended.removeFirst();
                }
            } else {
                ended.removeIf(call -> part - call.part >= 16);
            }
            inARow = failed ? inARow + 1 : 0;
            if (failed && inARow >= config.consecutiveFailures()) {
                open(now);
            } else if ((failed || slow) && ended.size() >= config.minimumCalls()) {
                long failures = ended.stream().filter(Ended::failed).count();
                long slowOnes = ended.stream().filter(Ended::slow).count();
                if (failures >= config.failureRate().fraction() * ended.size()
                        || slowOnes >= config.slowCallRate().fraction() * ended.size()) {
                    open(now);
                }
            }
        }

        void open(long now) {
            state = BreakerState.OPEN;
            openUntil = now + config.openTime().toNanos();
        }
    }

    private static BreakerConfig config(Random random) {
        return new BreakerConfig(
                true,
                BreakerConfig.Preset.STANDARD,
                3 + random.nextInt(20),
                new Percent(0.3 + random.nextInt(7) / 10.0),
                Optional.of(Duration.ofMillis(50)),
                new Percent(0.3 + random.nextInt(7) / 10.0),
                1 + random.nextInt(30),
                Duration.ofSeconds(10),
                random.nextBoolean() ? Optional.of(1 + random.nextInt(40)) : Optional.empty(),
                Duration.ofMillis(1 + random.nextInt(5000)),
                1 + random.nextInt(3),
                1 + random.nextInt(5));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void leadsToTheSameStates(long seed) {
        var random = new Random(seed);
        int changes = 0;
        for (int round = 0; round < 8; round++) {
            var time = new ManualTime();
            var config = config(random);
            var model = new Model(config);
            var breaker = Breaker.of("model", config, time);
            double failing = random.nextDouble();
            double slowness = random.nextDouble() * 0.7;
            List<String> story = new ArrayList<>();
            for (int call = 0; call < 500; call++) {
                if (call % 100 == 0) {
                    failing = random.nextDouble();
                }
                var pause = Duration.ofNanos(random.nextLong(random.nextInt(10) == 0 ? 4_000_000_000L : 200_000_000L));
                time.advance(pause);
                boolean fails = random.nextDouble() < failing;
                boolean slow = random.nextDouble() < slowness;
                boolean admitted = model.admits(time.nanos());
                boolean called = call(breaker, time, fails, slow);
                story.add(pause + " " + (fails ? "fails" : "succeeds") + (slow ? " slowly" : ""));
                assertThat(called).as(() -> config + " admitted after " + story).isEqualTo(admitted);
                var before = model.state;
                if (admitted) {
                    model.end(fails, slow, time.nanos());
                }
                assertThat(breaker.state())
                        .as(() -> config + " state after " + story)
                        .isEqualTo(model.state);
                changes += before == model.state ? 0 : 1;
            }
        }
        assertThat(changes).as("changes of state seen").isGreaterThan(20);
    }

    private static boolean call(Breaker breaker, ManualTime time, boolean fails, boolean slow) {
        try {
            breaker.call(() -> {
                time.advance(Duration.ofMillis(slow ? 50 : 49));
                if (fails) {
                    throw new IOException("down");
                }
                return "ok";
            });
            return true;
        } catch (IOException failed) {
            return true;
        } catch (Problem refused) {
            return false;
        }
    }
}
