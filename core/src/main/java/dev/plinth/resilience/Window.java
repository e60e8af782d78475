package dev.plinth.resilience;

/** Counts of the recent calls, by time or by number. Thread-safe; counting allocates nothing. */
sealed interface Window permits CallWindow, TimeWindow {
    void record(boolean failed, boolean slow, long now);

    long calls(long now);

    long failures(long now);

    long slow(long now);
}
