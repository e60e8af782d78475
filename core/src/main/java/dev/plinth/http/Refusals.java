package dev.plinth.http;

import dev.plinth.time.Time;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells why credentials were refused: the first at once, then at most a line a minute, whatever is tried. Thread-safe. */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final long QUIET = Duration.ofMinutes(1).toNanos();

    private final Time time;
    private final AtomicLong next;
    private final AtomicLong untold = new AtomicLong();

    Refusals(Time time) {
        this.time = time;
        this.next = new AtomicLong(time.nanos());
    }

    void note(String reason) {
        LOG.debug("credentials are refused: {}", reason);
        long now = time.nanos();
        long due = next.get();
        if (now - due < 0 || !next.compareAndSet(due, now + QUIET)) {
            untold.incrementAndGet();
            return;
        }
        long others = untold.getAndSet(0);
        LOG.warn("credentials are refused: {}{}", reason, others == 0 ? "" : " (and " + others + " others before)");
    }
}
