package dev.plinth.health;

import dev.plinth.context.Context;
import dev.plinth.time.Time;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One check, its last result, and the one run of it that there may be at a time. */
final class Checker {
    private static final Logger LOG = LoggerFactory.getLogger(Health.class);

    /** A result, how long it took, and how old it is. */
    record Outcome(String name, Health.Kind kind, Check.Result result, long nanos, long age) {}

    final Health.Kind kind;
    final String name;
    private final Check check;
    private final HealthConfig config;
    private final Context context;
    private final Time time;

    private @Nullable Thread running;
    private long began;
    private Check.Result result = new Check.Result.Down("not asked yet");
    private long nanos;
    private long at;
    private boolean asked;
    private @Nullable Class<?> told;

    Checker(Health.Kind kind, String name, Check check, HealthConfig config, Context context, Time time) {
        this.kind = kind;
        this.name = name;
        this.check = check;
        this.config = config;
        this.context = context;
        this.time = time;
    }

    /** Begins a run, unless one is on or the last result is still good. */
    synchronized void ask() {
        long now = time.nanos();
        if (running == null && (!asked || now - at >= config.cache().toNanos())) {
            began = now;
            asked = true;
            running = Thread.ofVirtual().name("health-" + name).start(() -> context.run(this::run));
        }
    }

    private void run() {
        Check.Result said;
        try {
            said = check.check();
        } catch (Exception | LinkageError thrown) {
            said = new Check.Result.Down(thrown.toString());
        }
        synchronized (this) {
            long now = time.nanos();
            boolean late = now - began >= config.checkTimeout().toNanos();
            settle(late ? tooSlow() : said, now);
            running = null;
            notifyAll();
        }
    }

    private Check.Result tooSlow() {
        return new Check.Result.Down("no answer within " + config.checkTimeout().toMillis() + " ms");
    }

    private void settle(Check.Result said, long now) {
        result = said;
        nanos = now - began;
        at = now;
        if (told != said.getClass()) {
            if (said instanceof Check.Result.Up) {
                if (told != null) {
                    LOG.info("health check '{}' is up again", name);
                }
            } else {
                LOG.warn(
                        "health check '{}' is {}: {}",
                        name,
                        said instanceof Check.Result.Down ? "down" : "degraded",
                        said.text());
            }
            told = said.getClass();
        }
    }

    /** The result: waits for a run that is on until its time-out is over, and not at all for one that is past it. */
    synchronized Outcome outcome() {
        long until = began + config.checkTimeout().toNanos();
        var timer = running == null ? null : time.after(Duration.ofNanos(until - time.nanos()), this::wake);
        boolean interrupted = false;
        while (running != null && until - time.nanos() > 0) {
            try {
                wait();
            } catch (InterruptedException again) {
                interrupted = true;
                break;
            }
        }
        if (timer != null) {
            timer.cancel();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        long now = time.nanos();
        if (running != null) {
            settle(tooSlow(), now);
            running.interrupt();
        }
        return new Outcome(name, kind, result, nanos, now - at);
    }

    private synchronized void wake() {
        notifyAll();
    }

    synchronized void close() {
        if (running != null) {
            running.interrupt();
        }
    }
}
