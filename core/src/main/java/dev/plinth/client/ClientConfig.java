package dev.plinth.client;

import dev.plinth.client.engine.HeaderRules;
import dev.plinth.resilience.AdaptiveLimitConfig;
import dev.plinth.resilience.BreakerConfig;
import dev.plinth.resilience.BudgetConfig;
import dev.plinth.resilience.BulkheadConfig;
import dev.plinth.resilience.HedgeConfig;
import dev.plinth.resilience.RateLimitConfig;
import dev.plinth.resilience.RetryConfig;
import dev.plinth.schema.ByteSize;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.schema.Live;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One service that this one calls, section {@code clients.NAME}.
 *
 * @param url where it is: scheme, host, port, and a path that goes before each call's
 * @param timeout the most that one call may take, everything included; the caller's deadline may make it less. Choose a
 *     little more than the 99.9th percentile of what the other side takes.
 * @param connectTimeout the most that making a connection may take: resolving the name, connecting, TLS; never more
 *     than what is left of the call
 * @param poolTimeout the most that a call waits for one of {@code maxConnections}
 * @param maxConnections connections to one instance, and so calls at one time. Choose calls a second times seconds a
 *     call, times two.
 * @param idleTimeout how long an unused connection is kept. Choose less than the other side does, so that it is never
 *     the other side that closes first.
 * @param maxResponse the largest body that is taken in, after decompression
 * @param maxHeaders the largest status line and headers together
 * @param http2 whether HTTP/2 is spoken where the other side does. It costs more than HTTP/1.1 for small calls.
 * @param gzipRequests whether bodies of 1 KiB or more are compressed; the other side must know how to read them
 * @param redirects how many redirections in a row are followed
 * @param propagate headers of the request in hand that travel on with each call. A cookie, {@code Host} and those of the
 *     connection can't; {@code Authorization} does if it is named.
 * @param etagCache how much memory answers with an {@code ETag} may take, to be asked for again by {@code
 *     If-None-Match}; 0 for none
 * @param tls whom to trust, and what to show; of no use without https
 * @param attemptTimeout the most that one attempt may take. Choose it where a second attempt helps against a slow answer:
 *     about a third of {@code timeout}.
 * @param retry what is made again when it failed
 * @param budget how much is made again, as a share of the calls
 * @param breaker when the other side is left alone for a while
 * @param breakerByPath whether each path pattern of the other side, and each prefix of it, has a circuit of its own below
 *     the one of the whole, by the values of {@code breaker}; if not set, there is the one alone. Choose it where some
 *     paths fail while others are well; one that takes nearly all calls opens the whole.
 * @param bulkhead how many calls run at one time
 * @param rateLimit how many calls begin in a stretch of time
 * @param adaptiveLimit how many calls run at one time, as the other side seems to bear
 * @param hedge when a second call sets off beside a slow one
 */
public record ClientConfig(
        @Doc("Where the service is, such as http://pricing:8080; without it discovery is asked.") Optional<URI> url,
        @Default("5s") @Positive @Doc("The most that one call may take.") Live<Duration> timeout,
        @Default("1s") @Positive @Doc("The most that making a connection may take.") Duration connectTimeout,
        @Default("1s") @Positive @Doc("The most that a call waits for a free connection.") Duration poolTimeout,
        @Default("256") @Min(1) @Max(10_000) @Doc("Connections to one instance, and so calls at one time.")
                int maxConnections,
        @Default("30s") @Positive @Doc("How long an unused connection is kept.") Duration idleTimeout,
        @Default("10MiB") @Positive @Doc("The largest body that is taken in, after decompression.")
                ByteSize maxResponse,
        @Default("32KiB") @Positive @Doc("The largest status line and headers together.") ByteSize maxHeaders,
        @Default("false") @Doc("Whether HTTP/2 is spoken where the other side does.") boolean http2,
        @Default("false") @Doc("Whether bodies of 1 KiB or more are compressed.") boolean gzipRequests,
        @Default("0") @Min(0) @Max(20) @Doc("How many redirections in a row are followed.") int redirects,
        @Default("") @Doc("Headers of the request in hand that travel on with each call.")
                List<@NotBlank String> propagate,
        @Default("0B") @Doc("Memory for answers with an ETag, to be asked for by If-None-Match; 0B for none.")
                ByteSize etagCache,
        @Doc("Whom to trust and what to show.") Optional<TlsConfig> tls,
        @Doc("The most that one attempt may take; without it all that is left of the call.")
                Optional<@Positive Duration> attemptTimeout,
        @Doc("What is made again when it failed.") RetryConfig retry,
        @Doc("How much is made again.") BudgetConfig budget,
        @Doc("When the other side is left alone.") BreakerConfig breaker,
        @Default("false") @Doc("Whether each path pattern and prefix has a circuit of its own.") boolean breakerByPath,
        @Doc("How many calls run at one time.") BulkheadConfig bulkhead,
        @Doc("How many calls begin in a stretch of time; without it as many as like.")
                Optional<RateLimitConfig> rateLimit,
        @Doc("Calls at one time as the other side bears them; without it bulkhead alone holds.")
                Optional<AdaptiveLimitConfig> adaptiveLimit,
        @Doc("A second call beside a slow one; without it none.") Optional<HedgeConfig> hedge) {
    private static final Set<String> NEVER = Set.of(
            "host",
            "cookie",
            "connection",
            "keep-alive",
            "content-length",
            "content-type",
            "transfer-encoding",
            "te",
            "trailer",
            "upgrade",
            "expect",
            "proxy-authorization",
            "x-request-timeout-ms");

    public ClientConfig {
        if (url.isPresent()) {
            requireHttp(url.get());
        }
        if (maxResponse.bytes() > Integer.MAX_VALUE - 64 || maxHeaders.bytes() > (1 << 20)) {
            throw new IllegalArgumentException(
                    "max-response: " + maxResponse + ", max-headers: " + maxHeaders + " (expected: below 2GiB, 1MiB)");
        }
        for (var header : propagate) {
            if (!HeaderRules.isToken(header) || NEVER.contains(header.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("propagate: '" + header + "' is no header that may travel on");
            }
        }
        propagate = propagate.stream()
                .map(header -> header.toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
    }

    private static void requireHttp(URI url) {
        var scheme = url.getScheme();
        boolean isHttp = "http".equals(scheme) || "https".equals(scheme);
        if (url.getHost() == null || !isHttp || url.getPort() == 0 || url.getPort() > 65535) {
            throw new IllegalArgumentException(
                    "url: '" + withoutUser(url) + "' (expected: http://host:port or https://host:port)");
        }
        if (url.getUserInfo() != null || url.getQuery() != null || url.getFragment() != null) {
            throw new IllegalArgumentException("url: '" + withoutUser(url)
                    + "' (expected: scheme, host, port and path alone; no user, query or fragment)");
        }
    }

    private static String withoutUser(URI url) {
        return url.toString().replaceFirst("//[^/]*@", "//***@");
    }
}
