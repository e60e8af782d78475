package dev.plinth.http;

import dev.plinth.error.Problem;
import dev.plinth.time.Time;
import java.net.Inet6Address;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Lets each caller make so many requests in a stretch of time; more are refused with 429 {@code RATE_LIMITED}. Answers say
 * how many are left, by the {@code RateLimit} headers of the IETF draft (draft-ietf-httpapi-ratelimit-headers-10).
 *
 * <pre>{@code
 * service.http().group("/search", search -> search
 *         .filter(RateLimit.of("search", 10, Duration.ofSeconds(1), service.time(), RateLimit::address))
 *         .get("", request -> ...));
 * }</pre>
 *
 * <p>A token bucket for each key in one number, the moment at which it is full again (the generic cell rate algorithm). A
 * full bucket is not kept, so memory is bounded by the callers of the last moments and by {@code maxKeys}. Thread-safe.
 */
public final class RateLimit implements Filter {
    private static final int MOST_KEYS = 100_000;

    /** What callers share that found no room of their own; no real key is empty. */
    private static final String SHARED = "";

    private final String name;
    private final String policy;
    private final int requests;
    private final long distance;
    private final long tolerance;
    private final int maxKeys;
    private final Time time;
    private final Function<Request, String> key;
    private final ConcurrentHashMap<String, Long> fullAt = new ConcurrentHashMap<>();
    private final AtomicLong sweptAt;

    RateLimit(String name, KeyLimitConfig config, Time time, Function<Request, String> key) {
        if (!name.matches("[a-z][a-z0-9-]{0,39}")) {
            throw new IllegalArgumentException(
                    "rate limit '" + name + "' (expected: lower-case letters, digits and hyphens, at most 40)");
        }
        this.name = name;
        this.requests = config.burst().orElse(config.requests());
        this.policy = "\"" + name + "\";q=" + config.requests() + ";w="
                + Math.max(1, config.per().toSeconds());
        this.distance = Math.max(1, Math.ceilDiv(config.per().toNanos(), config.requests()));
        this.tolerance = distance * (requests - 1L);
        this.maxKeys = config.maxKeys();
        this.time = time;
        this.key = key;
        this.sweptAt = new AtomicLong(time.nanos());
    }

    /**
     * A limit of so many requests {@code per} that time, which may also come all at once after a rest.
     *
     * @param name in headers and messages
     * @param key tells callers apart: {@link #address}, a header, the principal
     */
    public static RateLimit of(String name, int requests, Duration per, Time time, Function<Request, String> key) {
        var config =
                new KeyLimitConfig(requests, per, java.util.Optional.empty(), java.util.Optional.empty(), MOST_KEYS);
        return new RateLimit(name, config, time, key);
    }

    /** The address of the caller; of IPv6 the network of 64 bits, which is what one customer has. */
    public static String address(Request request) {
        var address = request.peer().getAddress();
        var bytes = address.getAddress();
        return HexFormat.of().formatHex(address instanceof Inet6Address ? Arrays.copyOf(bytes, 8) : bytes);
    }

    /** By the header, or where it isn't there by the address. */
    static Function<Request, String> byHeader(String header) {
        return request -> request.header(header)
                .filter(value -> !value.isBlank() && value.length() <= 256)
                .map(value -> "h:" + value)
                .orElseGet(() -> address(request));
    }

    @Override
    public Response filter(Request request, Next next) throws Exception {
        take(request);
        return next.proceed(request);
    }

    /**
     * Counts a request.
     *
     * @throws Problem 429 {@code RATE_LIMITED}
     */
    void take(Request request) {
        long now = time.nanos();
        var own = key.apply(request);
        var counted = fullAt.containsKey(own) || makeRoom(now) ? own : SHARED;
        var wait = new long[1];
        long full = fullAt.compute(counted, (_, before) -> {
            long from = before == null || before - now < 0 ? now : before;
            wait[0] = from - now - tolerance;
            return wait[0] > 0 ? from : from + distance;
        });
        long used = full - now;
        long left = Math.max(0, (tolerance + distance - used) / distance);
        request.answerHeader("RateLimit-Policy", policy);
        request.answerHeader("RateLimit", "\"" + name + "\";r=" + left + ";t=" + seconds(used));
        if (wait[0] > 0) {
            throw Problem.unavailable(
                            "RATE_LIMITED",
                            "rate limit '" + name + "': more than "
                                    + policy.substring(policy.indexOf("q=") + 2).replace(";w=", " requests in ") + " s")
                    .withStatus(429)
                    .with("retry_after", seconds(wait[0]));
        }
    }

    /** Whether there is room for one more caller, after those whose buckets are full again have been let go. */
    private boolean makeRoom(long now) {
        if (fullAt.size() < maxKeys) {
            return true;
        }
        long before = sweptAt.get();
        // Once in a while is enough: a sweep for each request would be work that an attacker asks for.
        if (now - before > distance && sweptAt.compareAndSet(before, now)) {
            fullAt.values().removeIf(full -> full - now <= 0);
        }
        return fullAt.size() < maxKeys;
    }

    private static int seconds(long nanos) {
        return (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(Math.max(0, nanos), 1_000_000_000L));
    }
}
