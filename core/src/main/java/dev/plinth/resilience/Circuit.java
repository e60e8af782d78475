package dev.plinth.resilience;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * One stay in one state. A call is counted in the stay that let it in, so what ends late can't disturb a later one; the
 * counters begin at zero with each.
 */
abstract sealed class Circuit {
    abstract BreakerState state();

    /** Calls pass; what they are like decides how long. */
    static final class Closed extends Circuit {
        final Window window;
        final AtomicInteger inARow = new AtomicInteger();

        Closed(BreakerConfig config, long now) {
            this.window = config.windowCalls().isPresent()
                    ? new CallWindow(config.windowCalls().get())
                    : new TimeWindow(config.window(), now);
        }

        @Override
        BreakerState state() {
            return BreakerState.CLOSED;
        }
    }

    /** Calls are refused until a moment. */
    static final class Open extends Circuit {
        final long until;

        Open(long until) {
            this.until = until;
        }

        @Override
        BreakerState state() {
            return BreakerState.OPEN;
        }
    }

    /** Trials pass, so many at one time. */
    static final class HalfOpen extends Circuit {
        private int running;
        private int succeeded;
        private long lastBegun;

        HalfOpen(long now) {
            this.running = 1;
            this.lastBegun = now;
        }

        /** Takes a place for a trial. When all hang for {@code patience} one more may try, so that they hold the door no longer. */
        synchronized boolean begin(int most, long now, long patience) {
            if (running >= most && now - lastBegun < patience) {
                return false;
            }
            running++;
            lastBegun = now;
            return true;
        }

        /** A trial has ended without a failure; gives how many succeeded by now. */
        synchronized int end(boolean success) {
            running--;
            return success ? ++succeeded : succeeded;
        }

        synchronized int running() {
            return running;
        }

        synchronized int succeeded() {
            return succeeded;
        }

        @Override
        BreakerState state() {
            return BreakerState.HALF_OPEN;
        }
    }
}
