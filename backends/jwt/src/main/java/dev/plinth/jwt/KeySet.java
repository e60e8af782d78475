package dev.plinth.jwt;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import dev.plinth.context.Context;
import dev.plinth.time.Time;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of an issuer, fetched when they are needed and kept fresh: anew in the background when they get old, at once
 * where a token names one that isn't known, and never more often than every {@code retry}, whatever is sent. While the
 * issuer is down the last ones serve for a grace time. Thread-safe.
 */
final class KeySet {
    private static final Logger LOG = LoggerFactory.getLogger(KeySet.class);
    /** More don't wait for one fetch: with an issuer that hangs they would be all that the service has. */
    private static final int MOST_WAITING = 64;

    private final String name;
    private final JwtSettings settings;
    private final Time time;
    private final Supplier<Keys> source;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile @Nullable Keys keys;
    private volatile long fetched;
    private @Nullable Thread fetching;
    private boolean tried;
    private long triedAt;

    KeySet(String name, JwtSettings settings, Time time, Supplier<Keys> source) {
        this.name = name;
        this.settings = settings;
        this.time = time;
        this.source = source;
    }

    /** A verifier, and the keys that it is of. */
    record Found(JWSVerifier verifier, Keys keys) {}

    /** The keys are not there, and can't be had now. */
    static final class Missing extends Exception {
        private static final long serialVersionUID = 1L;

        Missing(String reason) {
            super(reason, null, false, false);
        }
    }

    /** The keys at this moment, fetched first where there are none. */
    private Keys now() throws Missing, InterruptedException {
        var known = known();
        if (known == null) {
            await(keys);
            known = known();
        }
        if (known == null) {
            throw new Missing("the keys of " + settings.issuer() + " are not there");
        }
        return known;
    }

    /** What checks a token of that header. */
    Found find(JWSHeader header) throws Refusal, Missing, InterruptedException {
        var known = now();
        var verifier = known.verifier(header);
        if (verifier == null && header.getKeyID() != null) {
            await(known);
            known = now();
            verifier = known.verifier(header);
        }
        if (verifier == null) {
            throw new Refusal("key " + Refusal.shown(header.getKeyID()) + " is none of the issuer's");
        }
        return new Found(verifier, known);
    }

    private void await(@Nullable Keys stale) throws Missing, InterruptedException {
        var thread = fetch(stale);
        if (thread == null) {
            return;
        }
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            throw new Missing("too many wait for the keys of " + settings.issuer());
        }
        try {
            thread.join();
        } finally {
            waiting.decrementAndGet();
        }
    }

    /**
     * Begins to fetch, unless somebody does already, or did a moment ago. On a thread of its own: a caller that gives up
     * would otherwise end it for all.
     *
     * @return what to wait for; null for nothing
     */
    private synchronized @Nullable Thread fetch(@Nullable Keys stale) {
        if (keys != stale) {
            return null;
        }
        if (fetching != null && fetching.isAlive()) {
            return fetching;
        }
        long now = time.nanos();
        if (tried && now - triedAt < settings.retry().get().toNanos()) {
            return null;
        }
        tried = true;
        triedAt = now;
        fetching = Context.current().withoutDeadline().call(() -> Context.start("jwks-" + name, this::load));
        return fetching;
    }

    private void load() {
        long begun = time.nanos();
        try {
            var fresh = source.get();
            var before = keys;
            fetched = begun; // at least as new as that
            // The same keys stay the same object, so that what was checked by them needs no second look.
            if (before == null || !before.isLike(fresh)) {
                keys = fresh;
                LOG.info("auth.{}: the keys of {} are {}", name, settings.issuer(), before == null ? "there" : "new");
            }
        } catch (RuntimeException failed) {
            LOG.warn(
                    "auth.{}: no keys from {}: {}. {}",
                    name,
                    settings.issuer(),
                    failed.getMessage(),
                    keys == null ? "Tokens can't be checked" : "The last ones serve on");
        }
    }

    /** Those that serve now, without waiting for any; null where there are none, or they are too old. */
    @Nullable
    Keys known() {
        var known = keys;
        if (known == null || time.nanos() - fetched > settings.grace().get().toNanos()) {
            return null;
        }
        if (time.nanos() - fetched > settings.refresh().get().toNanos()) {
            fetch(known);
        }
        return known;
    }

    /** Fetches them before the first token comes. */
    void warmUp() {
        fetch(null);
    }
}
