package dev.plinth.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.context.Deadline;
import dev.plinth.time.ManualTime;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@org.junit.jupiter.api.Timeout(60) // Timeout alone is the policy
class GateTest {
    private static final long MILLIS = 1_000_000;

    private final ManualTime time = new ManualTime();
    private boolean busy;
    private final GateConfig atOnce =
            new GateConfig(true, Duration.ofMillis(100), 8, 0, Duration.ofMillis(50), Duration.ZERO);
    private final Gate gate = Gate.of("POST /orders", atOnce, 4096, time, () -> busy);

    private Deadline deadline() {
        return Deadline.after(time, Duration.ofSeconds(30));
    }

    private record Running(long ends, long begun) {}

    private final PriorityQueue<Running> running = new PriorityQueue<>((a, b) -> Long.compare(a.ends, b.ends));

    /** Decides when the process stands still; null where it doesn't. */
    private @Nullable Random stops;

    /** Whether every twentieth is answered at once, without a place: from a cache, or refused. */
    private boolean someAreQuick;

    /** What came of an open load. */
    private record Seen(int done, int refused, long slowest) {}

    /** An open load: so many a second, for so long, on so many places that each take {@code millis}. */
    private Seen serve(Gate through, int places, long millis, int rate, Duration length) {
        var free = new PriorityQueue<Long>();
        for (int i = 0; i < places; i++) {
            free.add(time.nanos());
        }
        int done = 0;
        int refused = 0;
        long slowest = 0;
        long until = time.nanos() + length.toNanos();
        for (long next = time.nanos(); next < until; next += 1_000_000_000L / rate) {
            if (stops != null && stops.nextInt(rate) == 0) {
                stop(next + stops.nextInt(400) * MILLIS, free);
            }
            while (!running.isEmpty() && running.peek().ends <= Math.max(next, time.nanos())) {
                var end = running.poll();
                time.advance(Duration.ofNanos(Math.max(0, end.ends - time.nanos())));
                through.leave(end.ends - end.begun);
                done++;
                slowest = Math.max(slowest, end.ends - end.begun);
            }
            time.advance(Duration.ofNanos(Math.max(0, next - time.nanos())));
            if (through.enter(deadline())) {
                if (someAreQuick && (done + refused + running.size()) % 20 == 0) {
                    running.add(new Running(time.nanos() + MILLIS / 5, time.nanos()));
                    continue;
                }
                long begins = Math.max(time.nanos(), free.poll());
                free.add(begins + millis * MILLIS);
                running.add(new Running(begins + millis * MILLIS, time.nanos()));
            } else {
                refused++;
            }
        }
        return new Seen(done, refused, slowest);
    }

    /** What would have ended until then ends then, and what has come until then comes then. */
    private void stop(long until, PriorityQueue<Long> free) {
        var later = running.stream()
                .map(one -> new Running(Math.max(one.ends, until), one.begun))
                .toList();
        running.clear();
        running.addAll(later);
        var freeLater = free.stream().map(at -> Math.max(at, until)).toList();
        free.clear();
        free.addAll(freeLater);
        time.advance(Duration.ofNanos(Math.max(0, until - time.nanos())));
    }

    @Test
    void letsAllInWhatIsDoneInTime() {
        var seen = serve(gate, 10, 10, 900, Duration.ofSeconds(20));
        assertThat(seen.refused).isZero();
        assertThat(gate.limit()).isEqualTo(4096);
        assertThat(gate.isPressed()).isFalse();
    }

    @Test
    void holdsTheQueueAtTheDelay_andWorkGoesOnAsFastAsItCan() {
        serve(gate, 10, 10, 900, Duration.ofSeconds(5));
        serve(gate, 10, 10, 3000, Duration.ofSeconds(5));
        for (int minute = 0; minute < 3; minute++) {
            var seen = serve(gate, 10, 10, 3000, Duration.ofMinutes(1));
            assertThat(seen.done).as("of 60,000 that can be done").isGreaterThan(59_000);
            assertThat(seen.slowest).as("minute " + minute).isLessThan(250 * MILLIS);
        }
        assertThat(gate.snapshot().state()).isEqualTo("FULL");
    }

    @Test
    void growsAgainBehindAnOverload() {
        serve(gate, 10, 10, 900, Duration.ofSeconds(5));
        serve(gate, 10, 10, 3000, Duration.ofSeconds(30));
        assertThat(gate.limit()).isLessThan(300);
        serve(gate, 40, 10, 3000, Duration.ofSeconds(10));
        var seen = serve(gate, 40, 10, 3000, Duration.ofSeconds(10));
        assertThat(seen.refused).isZero();
    }

    /** Whatever pauses of the collector, the compiler or the neighbours lie where an overload begins. */
    @Test
    void takesNoQueueForSlowness_whereverTheProcessStops() {
        for (int seed = 0; seed < 300; seed++) {
            var stopped = Gate.of("POST /orders", atOnce, 4096, time, () -> busy);
            running.clear();
            stops = null;
            serve(stopped, 8, 10, 700, Duration.ofSeconds(2));
            stops = new Random(seed);
            someAreQuick = seed % 2 == 1;
            serve(stopped, 8, 10, 2400, Duration.ofSeconds(8));
            assertThat(stopped.limit())
                    .as("seed %s: half a second of work at most", seed)
                    .isLessThan(400);
        }
    }

    /** A database that became slow for good: fewer at one time are no quicker, and so nobody is refused for long. */
    @Test
    void takesWorkThatBecameSlowForUsual_whereFewerAreNoQuicker() {
        serve(gate, 1000, 10, 500, Duration.ofSeconds(10));
        serve(gate, 1000, 800, 500, Duration.ofSeconds(6));
        var seen = serve(gate, 1000, 800, 500, Duration.ofSeconds(15));
        assertThat(seen.refused).isZero();
        assertThat(gate.limit()).isEqualTo(4096);
    }

    /** It was cut when there was little to do; what comes later is no less slow, and no slower for being more. */
    @Test
    void takesWorkThatBecameSlowForUsual_whereThereWasLittleToDoAtFirst() {
        serve(gate, 1000, 10, 200, Duration.ofSeconds(10));
        serve(gate, 1000, 800, 5, Duration.ofSeconds(20));
        serve(gate, 1000, 800, 300, Duration.ofSeconds(20));
        assertThat(serve(gate, 1000, 800, 300, Duration.ofSeconds(15)).refused).isZero();
    }

    @Test
    void holdsNobodyBackForWhatWasLongAgo() {
        serve(gate, 10, 10, 900, Duration.ofSeconds(5));
        serve(gate, 10, 10, 3000, Duration.ofSeconds(10));
        assertThat(gate.limit()).isLessThan(300);
        serve(gate, 10, 10, 200, Duration.ofMinutes(10));
        assertThat(gate.limit()).isEqualTo(4096);
    }

    @Test
    void believesNothingWhileTheProcessorsAreBusy() {
        busy = true;
        serve(gate, 1000, 10, 500, Duration.ofSeconds(10));
        serve(gate, 1000, 800, 500, Duration.ofSeconds(30));
        assertThat(gate.limit()).isLessThan(200);
    }

    @Test
    void refusesNobodyWhileItWarmsUp_andLearnsAllTheSame() {
        var cold = Gate.of(
                "cold",
                new GateConfig(true, Duration.ofMillis(100), 8, 0, Duration.ofMillis(50), Duration.ofSeconds(10)),
                4096,
                time,
                () -> busy);
        serve(cold, 10, 10, 700, Duration.ofSeconds(1));
        assertThat(serve(cold, 10, 10, 1100, Duration.ofSeconds(8)).refused).isZero();
        serve(cold, 10, 10, 3000, Duration.ofSeconds(10));
        assertThat(cold.limit()).isLessThan(300);
    }

    @Test
    void doesNotMindSlowWork() {
        var seen = serve(gate, 4000, 10_000, 100, Duration.ofMinutes(2));
        assertThat(seen.refused).isZero();
    }

    @Test
    void aPauseIsNoOverload() {
        for (int i = 0; i < 20; i++) {
            serve(gate, 10, 10, 900, Duration.ofSeconds(1));
            serve(gate, 10, 180, 30, Duration.ofMillis(150));
        }
        assertThat(gate.limit()).isEqualTo(4096);
    }

    @Test
    void letsWorkWaitForAPlace_inItsTurn_andForAShortTime() throws InterruptedException {
        var one = Gate.of(
                "one",
                new GateConfig(true, Duration.ofMillis(100), 1, 2, Duration.ofMillis(50), Duration.ZERO),
                1,
                time,
                () -> busy);
        assertThat(one.enter(deadline())).isTrue();

        var first = entering(one);
        var second = entering(one);
        assertThat(one.enter(deadline())).as("more than may wait").isFalse();

        one.leave(MILLIS);
        first.thread.join();
        assertThat(first.entered.get()).isTrue();
        assertThat(one.running()).isEqualTo(1);

        time.advance(Duration.ofMillis(60));
        second.thread.join();
        assertThat(second.entered.get()).isFalse();
        assertThat(one.queued()).isZero();
        assertThat(one.snapshot().figures()).containsEntry("refused", 2L).containsEntry("running", 1);
    }

    @Test
    void noneWaitsWhileTheProcessorsAreBusy() {
        var one = Gate.of(
                "one",
                new GateConfig(true, Duration.ofMillis(100), 1, 2, Duration.ofMillis(50), Duration.ZERO),
                1,
                time,
                () -> true);
        assertThat(one.enter(deadline())).isTrue();
        assertThat(one.enter(deadline())).isFalse();
    }

    @Test
    void waitsNoLongerThanTheDeadline() {
        var one = Gate.of(
                "one",
                new GateConfig(true, Duration.ofMillis(100), 1, 2, Duration.ofMillis(50), Duration.ZERO),
                1,
                time,
                () -> busy);
        assertThat(one.enter(deadline())).isTrue();
        assertThat(one.enter(Deadline.after(time, Duration.ZERO))).isFalse();
    }

    private record Entering(Thread thread, AtomicReference<Boolean> entered) {}

    private Entering entering(Gate into) {
        int before = into.queued();
        var entered = new AtomicReference<Boolean>();
        var thread = Thread.ofVirtual().start(() -> entered.set(into.enter(deadline())));
        while (into.queued() == before) {
            Thread.onSpinWait();
        }
        return new Entering(thread, entered);
    }
}
