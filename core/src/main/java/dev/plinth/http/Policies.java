package dev.plinth.http;

import dev.plinth.context.Context;
import dev.plinth.error.Problem;
import dev.plinth.http.engine.Exchange;
import dev.plinth.schema.Live;
import dev.plinth.time.Time;
import dev.plinth.trace.Tracing;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a listener does with every request by its configuration, around all filters and routes, so that it holds for
 * refusals too: CORS, maintenance, the limit of each caller, and the headers and log line of every answer.
 */
final class Policies {
    private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern REQUEST_ID = Pattern.compile("[!-~]{1,128}");

    private final Cors cors;
    private final Maintenance maintenance;
    private final int retryAfter;
    private final @Nullable RateLimit rateLimit;
    private final RequestLog log;
    private final Live<Boolean> logs;
    private final Live.Watch watch;
    private final boolean securityHeaders;
    private final @Nullable String transportSecurity;
    private final @Nullable String tenantHeader;
    private final boolean tenantRequired;

    Policies(HttpConfig config, Maintenance maintenance, Time time) {
        this.cors = new Cors(config.cors());
        this.maintenance = maintenance;
        this.retryAfter = (int) Math.max(1, config.maintenance().retryAfter().toSeconds());
        this.rateLimit = config.rateLimit()
                .map(limit -> new RateLimit(
                        "caller",
                        limit,
                        time,
                        limit.header().map(RateLimit::byHeader).orElse(RateLimit::address)))
                .orElse(null);
        this.log = new RequestLog(config.requestLog());
        this.securityHeaders = config.securityHeaders();
        this.transportSecurity = config.hsts()
                .map(age -> "max-age=" + age.toSeconds() + "; includeSubDomains")
                .orElse(null);
        this.tenantHeader = config.tenant()
                .header()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .orElse(null);
        this.tenantRequired = config.tenant().required();
        this.logs = config.requestLog().on();
        var inMaintenance = config.maintenance().on();
        this.watch = inMaintenance.watch((_, now) -> maintenance.set(now));
        if (inMaintenance.get()) {
            maintenance.set(true);
        }
    }

    /** Looks no longer at what changes in the configuration. */
    void close() {
        watch.close();
    }

    /** Lets a page of another origin read why its request was refused before anything was done. */
    void refused(Request request) {
        if (!cors.isOff()) {
            cors.origin(request);
        }
    }

    /**
     * Before the handler: an answer that needs none, or null.
     *
     * @throws Problem if the request is refused
     */
    @Nullable
    Response before(Request request) {
        if (request.isProbe()) {
            return null;
        }
        if (!cors.isOff()) {
            var preflight = cors.before(request);
            if (preflight != null) {
                return preflight;
            }
        }
        if (maintenance.isOn()) {
            throw Problem.unavailable("MAINTENANCE", "the service is being maintained")
                    .with("retry_after", retryAfter);
        }
        if (rateLimit != null) {
            rateLimit.take(request);
        }
        if (tenantHeader != null) {
            checkTenant(request.header(tenantHeader).orElse(""));
        }
        return null;
    }

    private void checkTenant(String tenant) {
        if (tenant.isEmpty() ? tenantRequired : !TENANT.matcher(tenant).matches()) {
            throw Problem.badRequest(
                    "BAD_TENANT",
                    "header " + tenantHeader + " (expected: at most 64 letters, digits and ._- that name the tenant)");
        }
    }

    /** The context with the tenant that the request names. */
    Context context(Exchange exchange, Context context) {
        if (tenantHeader == null) {
            return context;
        }
        var tenant = exchange.header(tenantHeader);
        return tenant != null && TENANT.matcher(tenant).matches() ? context.withTenant(tenant) : context;
    }

    /** Tells the id by which the request is found in logs: the caller's own, else that of the trace. */
    void requestId(Request request) {
        var context = Context.current();
        var own = context.baggage().getOrDefault(Tracing.REQUEST_ID, "");
        var id = REQUEST_ID.matcher(own).matches() ? own : context.trace().traceId();
        if (!id.isEmpty()) {
            request.answerHeader("X-Request-ID", id);
        }
    }

    /** The headers that every answer has, unless it says otherwise itself. */
    void headers(Exchange exchange, Request request, Response response) {
        if (securityHeaders) {
            unless(exchange, response, "X-Content-Type-Options", "nosniff");
            var type = response.header("Content-Type");
            if (type != null && type.startsWith("text/html")) {
                unless(exchange, response, "X-Frame-Options", "DENY");
                unless(exchange, response, "Referrer-Policy", "strict-origin-when-cross-origin");
                unless(
                        exchange,
                        response,
                        "Content-Security-Policy",
                        "frame-ancestors 'none'; object-src 'none'; base-uri 'self'; form-action 'self'");
            }
        }
        if (transportSecurity != null && request.secure()) {
            unless(exchange, response, "Strict-Transport-Security", transportSecurity);
        }
    }

    private static void unless(Exchange exchange, Response response, String name, String value) {
        if (response.header(name) == null) {
            exchange.responseHeader(name, value);
        }
    }

    void answered(Exchange exchange, Request request, Response response, int status, long nanos) {
        if (logs.get() && !request.isProbe()) {
            log.write(exchange, request, response, status, nanos);
        }
    }
}
