package dev.plinth;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits on a condition that other threads bring about. */
public final class Await {
    private static final long BOUND_NANOS = 20_000_000_000L;

    private Await() {}

    /** Returns when {@code condition} holds; fails after 20 seconds. */
    public static void until(String what, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > BOUND_NANOS) {
                throw new AssertionError("not within 20 s: " + what);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }
}
