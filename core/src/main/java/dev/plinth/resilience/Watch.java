package dev.plinth.resilience;

import dev.plinth.time.Time;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts threads whose time is over, with one timer for all of them and none parked.
 *
 * <p>A timer for each call would cost more than most calls: here a call puts itself into one of a few lists and takes
 * itself out again. The one timer stands at the earliest moment that was asked for when it was set; when it goes off it
 * looks through the lists and is set anew, so that a million calls that end in time move it a few times at most.
 *
 * <p>The interrupt is given and taken back under the lock of the list, so it never reaches what the thread does after.
 */
final class Watch {
    private static final int STRIPES = 16;

    private final Time time;
    private final Entry[] stripes = new Entry[STRIPES];
    private volatile @Nullable Alarm alarm;

    Watch(Time time) {
        this.time = time;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Entry();
        }
    }

    private record Alarm(long at, Time.Timer timer) {}

    /** A thread and its moment; each list begins and ends at one without a thread. */
    static final class Entry {
        private final Entry home;
        private final @Nullable Thread thread;
        private final long at;
        private Entry before;
        private Entry after;
        private boolean fired;

        private Entry() {
            this.home = this;
            this.thread = null;
            this.at = 0;
            this.before = this;
            this.after = this;
        }

        /** Joins the list; the caller holds its lock. */
        private Entry(Entry home, Thread thread, long at) {
            this.home = home;
            this.thread = thread;
            this.at = at;
            this.before = home;
            this.after = home.after;
            home.after.before = this;
            home.after = this;
        }

        private void leave() {
            before.after = after;
            after.before = before;
        }
    }

    /** From now on the calling thread is interrupted when {@link Time#nanos} reaches {@code at}. */
    Entry enter(long at) {
        var thread = Thread.currentThread();
        var home = stripes[(int) thread.threadId() & STRIPES - 1];
        Entry entry;
        synchronized (home) {
            entry = new Entry(home, thread, at);
        }
        var set = alarm;
        if (set == null || at - set.at < 0) {
            setAlarm(at);
        }
        return entry;
    }

    /** Ends it, on the same thread. An interrupt that was given is taken back; returns whether there was one. */
    boolean exit(Entry entry) {
        synchronized (entry.home) {
            if (!entry.fired) {
                entry.leave();
                return false;
            }
        }
        Thread.interrupted();
        return true;
    }

    private synchronized void setAlarm(long at) {
        var set = alarm;
        if (set != null) {
            if (set.at - at <= 0) {
                return;
            }
            set.timer.cancel();
        }
        alarm = new Alarm(at, time.after(Duration.ofNanos(at - time.nanos()), this::sweep));
    }

    /**
     * Before the lists are read: who joins one that was read already finds no alarm and sets another. Under the lock, since a
     * timer may go off before {@link #setAlarm} has noted it, and what is noted after would never go off again.
     */
    private synchronized void forget() {
        alarm = null;
    }

    private void sweep() {
        forget();
        long now = time.nanos();
        long earliest = 0;
        boolean any = false;
        for (var home : stripes) {
            synchronized (home) {
                for (var entry = home.after; entry != home; entry = entry.after) {
                    if (entry.at - now <= 0) {
                        entry.fired = true;
                        entry.leave();
                        if (entry.thread != null) {
                            entry.thread.interrupt();
                        }
                    } else if (!any || entry.at - earliest < 0) {
                        any = true;
                        earliest = entry.at;
                    }
                }
            }
        }
        if (any) {
            setAlarm(earliest);
        }
    }
}
