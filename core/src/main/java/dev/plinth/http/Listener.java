package dev.plinth.http;

import dev.plinth.context.Context;
import dev.plinth.context.Deadline;
import dev.plinth.context.TraceIds;
import dev.plinth.error.Category;
import dev.plinth.error.Problem;
import dev.plinth.http.engine.Engine;
import dev.plinth.http.engine.Exchange;
import dev.plinth.http.engine.ListenerSettings;
import dev.plinth.json.Json;
import dev.plinth.metrics.HttpServerMetrics;
import dev.plinth.metrics.Metrics;
import dev.plinth.schema.ByteSize;
import dev.plinth.time.Time;
import dev.plinth.trace.Tracing;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open door: it binds the port and takes each request the whole way.
 *
 * <pre>
 * listener → connection and size limits → trace → metrics → deadline → admission
 *          → route → authentication and access → filters → handler (body bound and validated) → response or problem
 * </pre>
 *
 * <p>Thread-safe once started.
 */
public final class Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    private final String name;
    private final HttpConfig config;
    private final Time time;
    private final Context context;
    private final @Nullable Tracing tracing;
    private final @Nullable HttpServerMetrics metrics;
    private final Json json;
    private final Policies policies;
    private final Sender sender;
    private final InFlight inFlight;
    private final Admission admission;
    private final Router router;
    private final Filter.Next unmatched;
    private volatile boolean draining;
    private @Nullable Engine engine;

    /**
     * A listener that is not open yet.
     *
     * @param name in messages and threads: {@code http}, {@code admin}
     * @param tracing null for a listener that is not traced
     * @param metrics null for a listener that is not measured
     * @param brotli null for a listener that doesn't pack so
     * @throws IllegalArgumentException if two routes clash, or a pattern is malformed
     */
    public Listener(
            String name,
            String service,
            HttpConfig config,
            Http routes,
            Time time,
            @Nullable Tracing tracing,
            @Nullable HttpServerMetrics metrics,
            @Nullable ContentCoding brotli) {
        this.name = name;
        this.config = config;
        this.time = time;
        this.json = Json.standard()
                .withTime(time)
                .withLimits(config.limits().jsonDepth(), atMost(config.limits().jsonText()));
        this.context = Context.of(service);
        this.tracing = tracing;
        this.metrics = metrics;
        this.policies = new Policies(config, routes.maintenance(), time);
        var packings = new ArrayList<Sender.Packing>();
        if (brotli != null) {
            config.brotliAbove().ifPresent(size -> packings.add(new Sender.Packing(brotli, size.bytes())));
        }
        config.gzipAbove().ifPresent(size -> packings.add(new Sender.Packing(ContentCoding.gzip(), size.bytes())));
        this.sender = new Sender(json, time, packings, policies, config.webSocket());
        var access = AccessControl.of(service, config, routes, time);
        this.router = routes.router(access);
        this.unmatched = routes.unmatched(access);
        this.inFlight = new InFlight(time);
        this.admission = new Admission(name, config, router.size(), inFlight, time, this::isBusy);
    }

    /**
     * Binds the port and begins to answer.
     *
     * @throws IOException if the port can't be bound, with the setting to change
     */
    public void open() throws IOException {
        var tls = tls();
        try {
            engine = Engine.open(
                    new ListenerSettings(
                            name,
                            config.host(),
                            config.port(),
                            config.backlog(),
                            config.maxConnections(),
                            atMost(config.maxHeaders()),
                            Math.max(
                                    config.maxBody().bytes(),
                                    config.uploads().maxSize().bytes()),
                            config.http2(),
                            config.http2Upgrade(),
                            config.readTimeout(),
                            config.idleTimeout(),
                            tls,
                            config.socket().map(UnixSocketConfig::settings).orElse(null),
                            config.proxies().protocol() == ProxiesConfig.ProxyProtocol.REQUIRED
                                    ? config.proxies()::trusts
                                    : null,
                            new ListenerSettings.Bounds(
                                    atMost(config.limits().maxUrl()),
                                    config.limits().maxHeaderCount(),
                                    config.limits().minRate().bytes())),
                    this::handle);
        } catch (FileSystemException failed) {
            throw new IOException(
                    name + ": can't listen on the socket " + failed.getMessage() + ". Choose another with " + name
                            + ".socket.path.",
                    failed);
        } catch (IOException failed) {
            throw new IOException(
                    name + ": can't listen on " + config.host() + ":" + config.port() + ": " + failed.getMessage()
                            + ". Choose another with " + name + ".port (0 takes any free one).",
                    failed);
        }
    }

    private static int atMost(ByteSize size) {
        return (int) Math.min(Integer.MAX_VALUE, size.bytes());
    }

    private @Nullable ServerTls tls() throws IOException {
        if (config.tls().isEmpty()) {
            return null;
        }
        try {
            return new ServerTls(name + ".tls", config.tls().get(), time);
        } catch (IllegalArgumentException wrong) {
            throw new IOException(wrong.getMessage(), wrong);
        }
    }

    /** The port that is bound; 0 where it listens on a Unix domain socket alone. */
    public int port() {
        return Objects.requireNonNull(engine, "the listener is not open").port();
    }

    /** The number of requests that are being answered. */
    public int inFlight() {
        return inFlight.count();
    }

    /** Shows whom it lets in and why not: beside the policies, and as meters. */
    public void report(dev.plinth.resilience.Policies shown, Metrics measured) {
        shown.show(admission::snapshots);
        admission.measure(measured);
    }

    /** From here on each answer closes its connection, so that clients on kept connections move elsewhere. */
    public void drain() {
        draining = true;
    }

    /** Takes no new connections. */
    public void stopAccepting() {
        draining = true;
        sender.endStreams();
        if (engine != null) {
            engine.stopAccepting();
        }
    }

    /** Waits for the requests in flight, at most {@code limit}; returns how many are left. */
    public int awaitIdle(Duration limit) throws InterruptedException {
        return inFlight.awaitNone(limit);
    }

    /** Interrupts what is still in flight and closes all connections. */
    public void close() {
        draining = true;
        sender.endStreams();
        policies.close();
        inFlight.interruptAll();
        if (engine != null) {
            engine.close(Duration.ofSeconds(1));
        }
    }

    /**
     * Answers a request of this process, on the calling thread, as if it had come in by the port. It needs no open port.
     *
     * @param target path and query, encoded
     * @param headers names and values in turn
     * @throws IllegalStateException if the answer broke off
     */
    public DirectAnswer direct(String method, String target, List<String> headers, byte[] body) {
        var exchange = new DirectExchange(method, target, headers, body);
        handle(exchange);
        var answer = exchange.answer();
        if (answer == null) {
            throw new IllegalStateException("the answer to " + method + " " + exchange.path() + " broke off");
        }
        return answer;
    }

    private void handle(Exchange exchange) {
        long begin = time.nanos();
        if (metrics != null) {
            metrics.started();
        }
        Problem refusal = null;
        var timeout = config.requestTimeout().get();
        try {
            var asked = RequestTimeout.of(exchange::header);
            timeout = asked == null || asked.compareTo(timeout) > 0 ? timeout : asked;
        } catch (Problem badHeader) {
            refusal = badHeader;
        }
        var deadline = new Deadline(time, begin + timeout.toNanos());
        if (timeout.isZero()) {
            refusal = Problem.deadlineExceeded("refused before it started: the caller no longer waits");
        }
        exchange.timeLimit(timeout);
        var match = router.find(exchange.method(), Forwarded.path(exchange, config.proxies()));
        var span = tracing == null ? null : tracing.server(exchange::header);
        var bound = policies.context(exchange, context.withDeadline(deadline))
                .withIncoming(exchange::header)
                .withAttempt(attempt(exchange.header("x-request-attempt")));
        InFlight.@Nullable Work work = null;
        Outcome outcome;
        try {
            if (refusal == null) {
                try {
                    work = admission.enter(match instanceof Router.Match.Found found ? found.route() : null, deadline);
                    exchange.awaitTurn();
                    if (deadline.expired()) {
                        inFlight.exit(work);
                        work = null;
                        refusal = Problem.deadlineExceeded("its turn came too late");
                    }
                } catch (Problem full) {
                    refusal = full;
                }
            }
            outcome = new Outcome(refusal);
            var admitted = work;
            (span == null ? bound : span.context(bound)).run(() -> answer(exchange, match, admitted, begin, outcome));
        } finally {
            if (work != null) {
                inFlight.exit(work);
            }
        }
        var route = outcome.route.isEmpty() ? null : outcome.route;
        if (metrics != null) {
            var ids = span == null ? TraceIds.NONE : span.ids();
            metrics.finished(exchange.method(), route, outcome.status, time.nanos() - begin, ids);
        }
        if (span != null) {
            span.end(exchange.method(), exchange.path(), route, outcome.status, outcome.failure);
        }
    }

    /** As the caller says in {@code X-Request-Attempt}; what can't be read is some repetition, which repeats nothing itself. */
    private static int attempt(@Nullable String header) {
        if (header == null || header.equals("1")) {
            return 1;
        }
        return header.matches("[2-9]|[1-9][0-9]{1,2}") ? Integer.parseInt(header) : 2;
    }

    /** What came of a request: a span and a meter want it, whatever way the answer went. */
    private static final class Outcome {
        final @Nullable Problem refusal;
        String route = "";
        int status;

        @Nullable
        Throwable failure;

        Outcome(@Nullable Problem refusal) {
            this.refusal = refusal;
        }
    }

    private boolean isBusy() {
        return engine != null && engine.isBusy();
    }

    private void answer(
            Exchange exchange, Router.Match match, InFlight.@Nullable Work work, long begin, Outcome outcome) {
        var limit = Request.isMultipart(exchange.header("content-type"))
                ? new BodyLimit(config.uploads().maxSize().bytes(), "http.uploads.max-size")
                : new BodyLimit(config.maxBody().bytes(), "http.max-body");
        var body = work == null ? InputStream.nullInputStream() : work.guard(exchange.body(), limit);
        var request = new Request(exchange, body, limit, json, config, time);
        if (tracing != null) {
            policies.requestId(request);
        }
        try {
            Response response;
            if (work == null) {
                request.routed(match);
                outcome.route = request.route();
                policies.refused(request);
                response = respond(Objects.requireNonNull(outcome.refusal), request, outcome);
            } else {
                response = route(exchange, match, request, limit, work, outcome);
            }
            response = written(response, request, outcome);
            // A body that is too large is not read to its end.
            if (draining || response.status() == 413) {
                exchange.closeConnection();
            }
            outcome.status = response.status();
            if (work != null) {
                work.handled(time.nanos());
                if (isStream(response)) {
                    work.release();
                }
            }
            outcome.status = send(exchange, request, response);
            policies.answered(exchange, request, response, outcome.status, time.nanos() - begin);
        } catch (IOException | UncheckedIOException gone) {
            outcome.failure = gone;
            LOG.debug("{} {}: the client went away: {}", exchange.method(), outcome.route, gone.toString());
        } catch (Exception broken) {
            outcome.failure = broken;
            LOG.error("{} {} failed after its answer had begun", exchange.method(), outcome.route, broken);
        } finally {
            release(request);
        }
        if (LOG.isDebugEnabled()) {
            LOG.atDebug()
                    .addKeyValue("status", outcome.status)
                    .addKeyValue("millis", (time.nanos() - begin) / 1e6)
                    .log("{} {} answered {}", exchange.method(), exchange.path(), outcome.status);
        }
    }

    /** What writes a body as it goes knows on whose behalf, as the handler did. */
    private int send(Exchange exchange, Request request, Response response) throws Exception {
        var principal = request.principal();
        return principal.isAnonymous()
                ? sender.send(exchange, request, response)
                : Context.current().withPrincipal(principal).call(() -> sender.send(exchange, request, response));
    }

    private static boolean isStream(Response response) {
        return response.body() instanceof Response.BodyWriter
                || response.body() instanceof FileBody
                || response.body() instanceof Events.Source
                || response.body() instanceof WebSocket.Opening;
    }

    private static void release(Request request) {
        try {
            request.release();
        } catch (IOException left) {
            LOG.warn("a file of an upload could not be removed: {}", left.toString());
        }
    }

    private Response route(
            Exchange exchange,
            Router.Match match,
            Request request,
            BodyLimit limit,
            InFlight.Work work,
            Outcome outcome) {
        request.routed(match);
        outcome.route = request.route();
        Throwable failure;
        boolean late;
        work.begin();
        try {
            var response = policies.before(request);
            if (response == null) {
                if (exchange.contentLength() > limit.bytes()) {
                    throw limit.exceeded();
                }
                response = match instanceof Router.Match.Found found
                        ? found.route().handler().proceed(request)
                        : unmatched.proceed(request);
            }
            work.end();
            return response;
        } catch (Throwable thrown) {
            failure = thrown;
            late = work.end();
        }
        if (failure instanceof Problem problem && !late) {
            return respond(problem, request, outcome);
        }
        outcome.failure = failure;
        if (late && inFlight.draining()) {
            return respond(
                    Problem.unavailable("STOPPING", "the service stopped before the answer was ready"),
                    request,
                    outcome);
        }
        if (late) {
            LOG.warn("{} {} was interrupted past its deadline", exchange.method(), outcome.route, failure);
            return respond(Problem.deadlineExceeded("the answer was not ready in time"), request, outcome);
        }
        // A client that begins and resets without end is not to fill the log.
        if (exchange.gone() && isBrokenOff(failure)) {
            LOG.debug("{} {} ended when its client went away", exchange.method(), outcome.route, failure);
        } else {
            LOG.error("{} {} failed", exchange.method(), outcome.route, failure);
        }
        return respond(
                Problem.of(
                        Category.UNKNOWN,
                        "INTERNAL_ERROR",
                        "the service failed; its log has the reason under this trace id"),
                request,
                outcome);
    }

    private static boolean isBrokenOff(Throwable failure) {
        for (var at = failure; at != null; at = at.getCause()) {
            if (at instanceof InterruptedException || at instanceof IOException) {
                return true;
            }
        }
        return false;
    }

    private Response respond(Problem problem, Request request, Outcome outcome) {
        if (problem.getCause() != null) {
            outcome.failure = problem;
            LOG.warn("answered with {}", problem.getMessage(), problem.getCause());
        }
        return ProblemPage.of(problem, request, json);
    }

    /** The same with a body that can be sent: records and the like become JSON. */
    private Response written(Response response, Request request, Outcome outcome) {
        switch (response.body()) {
            case null -> {
                return response;
            }
            case byte[] _, Response.BodyWriter _, FileBody _, Events.Source _, WebSocket.Opening _ -> {
                return response;
            }
            case Object value -> {
                try {
                    var bytes =
                            value instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : json.write(value);
                    var type = value instanceof String ? "text/plain; charset=utf-8" : "application/json";
                    var sendable = response.withBody(bytes);
                    return response.header("Content-Type") == null
                            ? sendable.withHeader("Content-Type", type)
                            : sendable;
                } catch (RuntimeException unwritable) {
                    LOG.error(
                            "the answer to {} {} can't be written as JSON",
                            request.method(),
                            outcome.route,
                            unwritable);
                    outcome.failure = unwritable;
                    return respond(
                            Problem.of(
                                    Category.INTERNAL,
                                    "INTERNAL_ERROR",
                                    "the service failed; its log has the reason under this trace id"),
                            request,
                            outcome);
                }
            }
        }
    }
}
