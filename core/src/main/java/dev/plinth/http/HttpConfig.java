package dev.plinth.http;

import dev.plinth.resilience.GateConfig;
import dev.plinth.schema.ByteSize;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.schema.Live;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The section of the public listener.
 *
 * @param host the address to bind
 * @param port the port to bind; 0 takes a free one
 * @param requestTimeout the deadline of a request that brings none, and the most that one may ask for. Choose a little
 *     less than what the callers wait.
 * @param maxBody the largest request body. It is refused with 413 before it is read where its length is declared.
 * @param maxInFlight requests at one time; further ones get 503 with {@code Retry-After}. Choose what the memory bears.
 * @param maxConnections connections at one time; further ones wait in the backlog
 * @param maxHeaders the request line and headers together
 * @param http2 whether HTTP/2 is spoken with clients that begin with it
 * @param http2Upgrade whether a request of HTTP/1.1 in clear text may ask for HTTP/2 ({@code Upgrade: h2c}). RFC 9113
 *     has dropped it, and a proxy that lets it through no longer sees what is asked for: its rules are passed by. So it
 *     is off unless asked for.
 * @param tls certificate and key; without it the listener speaks clear text
 * @param readTimeout how long one read may wait while a request is on its way
 * @param idleTimeout how long a kept connection may wait for its next request. Choose more than the balancer in front
 *     has, so that it is never this side that closes first.
 * @param backlog connections that the system holds before they are accepted
 * @param gzipAbove from which size on answers in text are packed for clients that take it; without it none is. Choose 1KiB
 *     or more, and read about BREACH first where an answer holds a secret beside what a caller can make up
 * @param brotliAbove the same by brotli, before gzip where a client takes both alike: smaller, in less time. It wants the artifact {@code plinth-brotli}
 * @param uploads what forms with files may bring
 * @param cors which pages of other origins may call
 * @param securityHeaders whether answers carry headers that keep browsers from guessing types and framing pages
 * @param hsts for how long browsers are to use TLS alone for this host and those below; said over TLS only. It can't be
 *     taken back before it is over, so begin with a day.
 * @param rateLimit how many requests one caller may make
 * @param tenant on behalf of which customer a request is
 * @param maintenance whether it begins in maintenance
 * @param requestLog one line for each request
 * @param webSocket what holds for WebSockets
 * @param proxies the proxies in front, and what they are believed
 * @param socket a Unix domain socket beside the port or instead of it
 * @param access who may call which paths; the first that matches a request decides, together with what the code says. Where
 *     neither says anything and section {@code auth} has an entry, who is known may
 * @param overload how it is judged that a route has too much to do
 * @param limits what one request may bring, and how slowly
 * @param contract what a contract holds the service to
 * @param openapi where it tells what it serves
 */
public record HttpConfig(
        @Default("0.0.0.0") @Doc("Address to bind.") String host,
        @Default("8080") @Min(0) @Max(65535) @Doc("Port to bind; 0 takes a free one.") int port,
        @Default("30s") @Positive @Doc("Deadline of a request that brings none, and the most that one may ask for.")
                Live<Duration> requestTimeout,
        @Default("1MiB") @Positive @Doc("Largest request body; more is refused with 413.") ByteSize maxBody,
        @Default("4096") @Positive @Doc("Requests at one time; more get 503 with Retry-After.") int maxInFlight,
        @Default("10000") @Positive @Doc("Connections at one time; more wait in the backlog.") int maxConnections,
        @Default("16KiB") @Positive @Doc("Request line and headers together; more is refused with 431.")
                ByteSize maxHeaders,
        @Default("true") @Doc("Whether HTTP/2 is spoken with clients that begin with it.") boolean http2,
        @Default("false") @Doc("Whether a request of HTTP/1.1 in clear text may ask for HTTP/2.") boolean http2Upgrade,
        @Doc("Certificate and key; without it the listener speaks clear text.") Optional<ServerTlsConfig> tls,
        @Default("30s") @Positive @Doc("How long one read may wait while a request is on its way.")
                Duration readTimeout,
        @Default("75s") @Positive @Doc("How long a kept connection may wait for its next request.")
                Duration idleTimeout,
        @Default("1024") @Positive @Doc("Connections that the system holds before they are accepted.") int backlog,
        @Doc("From which size on answers in text are packed (gzip); without it none is.") Optional<ByteSize> gzipAbove,
        @Doc("The same by brotli, before gzip where a client takes both; wants the artifact plinth-brotli.")
                Optional<ByteSize> brotliAbove,
        @Doc("What forms with files may bring.") UploadConfig uploads,
        @Doc("Which pages of other origins may call.") CorsConfig cors,
        @Default("true") @Doc("Whether answers carry headers that keep browsers from guessing types and framing pages.")
                boolean securityHeaders,
        @Doc("For how long browsers are to use TLS alone (Strict-Transport-Security); not said unless set.")
                Optional<@Positive Duration> hsts,
        @Doc("How many requests one caller may make: `requests`, `per`, `burst`, `header`, `max-keys`.")
                Optional<KeyLimitConfig> rateLimit,
        @Doc("On behalf of which customer a request is.") TenantConfig tenant,
        @Doc("Maintenance.") MaintenanceConfig maintenance,
        @Doc("One line for each request.") RequestLogConfig requestLog,
        @Doc("What holds for WebSockets.") WebSocketConfig webSocket,
        @Doc("The proxies in front, and what they are believed.") ProxiesConfig proxies,
        @Doc("A Unix domain socket beside the port or instead of it: `path`, `mode`, `only`.")
                Optional<UnixSocketConfig> socket,
        @Default("")
                @Doc("Who may call which paths: `path`, `methods`, `allow`, `roles`, `by`; the first that matches.")
                List<AccessConfig> access,
        @Doc("How it is judged that a route has too much to do.") GateConfig overload,
        @Doc("What one request may bring, and how slowly.") LimitsConfig limits,
        @Doc("What a contract holds the service to.") ContractConfig contract,
        @Doc("The document of the routes (OpenAPI).") OpenApiConfig openapi) {}
