package dev.plinth.resilience;

/** Counts of the last n calls: a ring of their outcomes and the sums over it. */
final class CallWindow implements Window {
    private static final byte FAILED = 1;
    private static final byte SLOW = 2;

    private final byte[] ring;
    private int next;
    private int calls;
    private int failures;
    private int slow;

    CallWindow(int length) {
        this.ring = new byte[length];
    }

    @Override
    public synchronized void record(boolean failed, boolean wasSlow, long now) {
        if (calls == ring.length) {
            failures -= ring[next] & FAILED;
            slow -= (ring[next] & SLOW) >> 1;
        } else {
            calls++;
        }
        ring[next] = (byte) ((failed ? FAILED : 0) | (wasSlow ? SLOW : 0));
        failures += failed ? 1 : 0;
        slow += wasSlow ? 1 : 0;
        next = next + 1 == ring.length ? 0 : next + 1;
    }

    @Override
    public synchronized long calls(long now) {
        return calls;
    }

    @Override
    public synchronized long failures(long now) {
        return failures;
    }

    @Override
    public synchronized long slow(long now) {
        return slow;
    }
}
