package dev.plinth.http.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TurnsTest {
    /** What becomes of threads that are to be started, where they don't do as they are told. */
    private @Nullable Supplier<Thread> instead;

    private final Turns turns =
            new Turns(task -> instead == null ? Thread.ofVirtual().unstarted(task) : instead.get());
    private final AtomicBoolean over = new AtomicBoolean();

    /** As if the probe had been on its way for a second. */
    private void busy() {
        turns.probe(System.nanoTime() - 1_000_000_000);
        while (!turns.isBusy()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void isBusyWhileAProbeIsLate_andNoMoreWhenOneIsNot() {
        assertThat(turns.isBusy()).isFalse();
        busy();
        while (turns.isBusy()) {
            turns.probe(System.nanoTime());
        }
    }

    @Test
    void doesNotWaitWhereThereIsNoNeed() throws InterruptedException {
        instead = TurnsTest::idle;
        Thread.ofVirtual().start(turns::await).join();
    }

    @Test
    void anInterruptEndsTheWait() throws InterruptedException {
        busy();
        instead = TurnsTest::idle;
        var thread = Thread.ofVirtual().unstarted(() -> {
            Thread.currentThread().interrupt();
            turns.await();
        });
        thread.start();
        thread.join();
    }

    @Test
    void whoWaitsIsCalledByTheNext_whereNoThreadCouldBeStarted() throws InterruptedException {
        busy();
        instead = () -> {
            throw new OutOfMemoryError("a mistake that the test wants");
        };
        assertThatThrownBy(turns::await).isInstanceOf(OutOfMemoryError.class);
        instead = null;
        Thread.ofVirtual().start(turns::await).join();
    }

    /** So nobody calls. */
    private static Thread idle() {
        return Thread.ofVirtual().unstarted(() -> {});
    }

    /**
     * Two that wake each other keep a carrier to themselves, as connections do whose clients always have a next request.
     * Here are more such pairs than carriers, and they take turns.
     */
    @Test
    void whoeverComesFromOutsideGetsItsTurn_whileThoseInsideNeverRest() throws InterruptedException {
        busy();
        var pairs = new ArrayList<Thread>();
        for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
            var other = new AtomicReference<Thread>();
            var one = Thread.ofVirtual().start(() -> wake(other));
            var another = Thread.ofVirtual().unstarted(() -> wake(new AtomicReference<>(one)));
            other.set(another);
            another.start();
            pairs.add(one);
            pairs.add(another);
        }
        try {
            for (int round = 0; round < 20; round++) {
                var started = new CountDownLatch(1);
                Thread.ofVirtual().start(started::countDown);
                assertThat(started.await(60, TimeUnit.SECONDS))
                        .as("one that was just started")
                        .isTrue();

                var woken = new CountDownLatch(1);
                Thread.ofVirtual().start(() -> {
                    LockSupport.parkNanos(1000);
                    woken.countDown();
                });
                assertThat(woken.await(60, TimeUnit.SECONDS))
                        .as("one that a timer wakes")
                        .isTrue();
            }
        } finally {
            over.set(true);
            for (var one : pairs) {
                while (!one.join(Duration.ofMillis(10))) {
                    LockSupport.unpark(one);
                }
            }
        }
    }

    private void wake(AtomicReference<Thread> other) {
        while (!over.get()) {
            turns.await();
            LockSupport.unpark(other.get());
            LockSupport.park(this);
        }
    }
}
