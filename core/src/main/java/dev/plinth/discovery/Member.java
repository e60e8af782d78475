package dev.plinth.discovery;

import java.time.Duration;

/**
 * An instance as one caller sees it: its calls in flight, how long they take, how many have failed in a row, and until when
 * it is left out. Guarded by its balancer's lock.
 */
final class Member {
    /** Over this time a measurement loses two thirds of its weight. */
    private static final double MEMORY_NANOS = 5e9;

    /** An instance is slow that takes this many times as long as another. */
    private static final double SLOW = 2;

    /** One call counts no more than this many times what calls took before. */
    private static final double OUTLIER = 3;

    private static final int MOST_EJECTIONS = 10;

    final Instance instance;
    private int inFlight;
    private double latencyNanos;
    private double failureShare;
    private long measuredAt;
    private int failures;
    private int ejections;
    private boolean ejected;
    private long ejectedUntil;
    private long returnedAt;
    private boolean returning;

    Member(Instance instance) {
        this.instance = instance;
    }

    /** The same counts for a new description of the instance. */
    Member(Instance instance, Member before) {
        this.instance = instance;
        inFlight = before.inFlight;
        latencyNanos = before.latencyNanos;
        failureShare = before.failureShare;
        measuredAt = before.measuredAt;
        failures = before.failures;
        ejections = before.ejections;
        ejected = before.ejected;
        ejectedUntil = before.ejectedUntil;
        returnedAt = before.returnedAt;
        returning = before.returning;
    }

    int inFlight() {
        return inFlight;
    }

    void begin() {
        inFlight++;
    }

    void end() {
        inFlight--;
    }

    /** What a call takes, by those of late; 0 if that is not known. */
    double latencyNanos() {
        return latencyNanos;
    }

    /**
     * How many times as slow it is as {@code other}; 1 up to {@link #SLOW}. An instance of which every second call fails is
     * as slow as one that takes twice as long. What was measured long ago counts less, so that a slow one is tried again
     * some day.
     */
    double slowness(Member other, long now) {
        double mine = nanosPerSuccess();
        double others = other.nanosPerSuccess();
        if (mine == 0 || others == 0 || mine < SLOW * others) {
            return 1;
        }
        double times = 1 + (mine / others - 1) * freshness(now);
        return times < SLOW ? 1 : times;
    }

    private double nanosPerSuccess() {
        return latencyNanos / (1 - Math.min(failureShare, 0.95));
    }

    private double freshness(long now) {
        return Math.exp(-(now - measuredAt) / MEMORY_NANOS);
    }

    /**
     * Counts a call. One that is slow beyond all measure shows, but not for long; a failure is never taken for a fast one.
     */
    void measured(long nanos, boolean succeeded, long now) {
        double fresh = freshness(now);
        failureShare = failureShare * 0.9 * fresh + (succeeded ? 0 : 0.1);
        if (latencyNanos == 0) {
            latencyNanos = succeeded ? Math.max(1, nanos) : 0;
        } else if (succeeded || nanos > latencyNanos) {
            double keep = nanos > latencyNanos ? 0.7 : 0.7 * fresh;
            latencyNanos = latencyNanos * keep + Math.min((double) nanos, latencyNanos * OUTLIER) * (1 - keep);
        }
        measuredAt = now;
    }

    void succeeded(long now, Duration slowReturn) {
        failures = 0;
        if (returning && now - returnedAt >= slowReturn.toNanos()) {
            returning = false;
            ejections = 0;
        }
    }

    /** Counts a failure; returns whether that is one too many. */
    boolean failed(int most) {
        failures++;
        return !ejected && failures >= (returning ? 1 : most);
    }

    int failures() {
        return failures;
    }

    /** Leaves it out; returns for how long. */
    Duration eject(long now, Duration first) {
        ejections = Math.min(MOST_EJECTIONS, ejections + 1);
        var time = first.multipliedBy(ejections);
        ejected = true;
        returning = false;
        ejectedUntil = now + time.toNanos();
        return time;
    }

    /** Whether it is left out; one whose time is over begins its return. */
    boolean isEjected(long now) {
        if (ejected && ejectedUntil - now <= 0) {
            ejected = false;
            returning = true;
            failures = 0;
            latencyNanos = 0;
            failureShare = 0;
            returnedAt = ejectedUntil;
        }
        return ejected;
    }

    /** Its share of the load: its weight, or on its return a part that grows from a tenth. */
    double share(long now, Duration slowReturn) {
        if (!returning) {
            return instance.weight();
        }
        double part = (double) (now - returnedAt) / slowReturn.toNanos();
        return instance.weight() * Math.clamp(part, 0.1, 1);
    }
}
