package dev.plinth.auth;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Judges slow hashes, at most so many at one time as half of the processors, with a short queue behind them. Each takes a
 * thread of the system: on a virtual one it would hold a carrier for as long, since those are not taken away from what
 * computes. Thread-safe.
 */
final class SlowHashes {
    private static final int QUEUE = 8;

    private final int most;
    private final Semaphore permits;

    SlowHashes() {
        this(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    SlowHashes(int most) {
        this.most = most;
        this.permits = new Semaphore(most, true);
    }

    /** How many wait for their turn. */
    int waiting() {
        return permits.getQueueLength();
    }

    /** What {@code guess} finds; null if too many wait already. */
    @Nullable
    Boolean judge(BooleanSupplier guess) throws InterruptedException {
        if (waiting() >= QUEUE * most) {
            return null;
        }
        permits.acquire();
        var right = new AtomicBoolean();
        // The permit goes with the work, which an interrupt of who waits for it doesn't end.
        var thread = Thread.ofPlatform().daemon().name("password").unstarted(() -> {
            try {
                right.set(guess.getAsBoolean());
            } finally {
                permits.release();
            }
        });
        try {
            thread.start();
        } catch (OutOfMemoryError noThread) {
            permits.release();
            throw noThread;
        }
        thread.join();
        return right.get();
    }
}
