package dev.plinth.http;

import java.time.Duration;

/**
 * How long an answer may be kept, and by whom: the value of {@code Cache-Control}.
 *
 * <pre>{@code return Response.ok(tariffs).withCache(CacheControl.shared(Duration.ofMinutes(5)));}</pre>
 */
public final class CacheControl {
    private final String text;

    private CacheControl(String text) {
        this.text = text;
    }

    /** Nobody keeps it: for what is secret. */
    public static CacheControl never() {
        return new CacheControl("no-store");
    }

    /** It may be kept, and is asked for again before each use; with an ETag that costs no more than a 304. */
    public static CacheControl revalidated() {
        return new CacheControl("no-cache");
    }

    /** The caller alone may keep it, for that long. */
    public static CacheControl own(Duration maxAge) {
        return new CacheControl("private, max-age=" + maxAge.toSeconds());
    }

    /** Everybody may keep it, for that long: browsers, proxies, content networks. */
    public static CacheControl shared(Duration maxAge) {
        return new CacheControl("public, max-age=" + maxAge.toSeconds());
    }

    /** The same, and it never changes under this address, so that a reload doesn't ask either. */
    public CacheControl immutable() {
        return new CacheControl(text + ", immutable");
    }

    /** The same, and for that much longer an old one may be used while a new one is fetched. */
    public CacheControl staleWhileRevalidate(Duration longer) {
        return new CacheControl(text + ", stale-while-revalidate=" + longer.toSeconds());
    }

    /** The header's value. */
    @Override
    public String toString() {
        return text;
    }
}
