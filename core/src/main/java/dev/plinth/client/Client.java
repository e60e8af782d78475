package dev.plinth.client;

import dev.plinth.client.engine.Target;
import dev.plinth.client.engine.Tls;
import dev.plinth.client.engine.Transport;
import dev.plinth.client.engine.TransportSettings;
import dev.plinth.context.Context;
import dev.plinth.discovery.Balancer;
import dev.plinth.discovery.Instance;
import dev.plinth.lifecycle.Component;
import dev.plinth.metrics.HttpClientMetrics;
import dev.plinth.resilience.Guard;
import dev.plinth.resilience.Policies;
import dev.plinth.time.Time;
import dev.plinth.tls.PemFiles;
import dev.plinth.trace.Tracing;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Calls one other service over HTTP: JSON by records, within the caller's deadline, in the caller's trace.
 *
 * <pre>{@code
 * var pricing = service.client("pricing");
 * Quote quote = pricing.get("/quotes/{item}").path("item", order.item()).as(Quote.class);
 * }</pre>
 *
 * <p>A problem that the other side answers is thrown here with the same category, code and status. A side that can't be
 * reached, is too slow, or answers something else is a problem that names the client, the call and the attempt.
 *
 * <p>Each call goes this way; what stands further right happens for each attempt:
 *
 * <pre>
 * interceptors → metrics → trace → deadline → retry in a budget → breaker → limits → balance → send → answer or problem
 * </pre>
 *
 * <p>Thread-safe; a handle that opens nothing before the first call.
 */
public final class Client implements Component {
    /** The socket's own time-outs act first: an interrupt costs the connection. */
    private static final Duration GRACE = Duration.ofMillis(100);

    /** Patterns stand in code and are few; ids that somebody writes into paths must not pile up. */
    static final int MAX_CIRCUITS = 256;

    private final String name;
    private final ClientConfig config;
    private final Guard guard;
    private final Time time;
    private final Tracing tracing;
    private final HttpClientMetrics metrics;
    private final Target target;
    private final String basePath;
    private final @Nullable EtagCache etags;
    private final List<Interceptor> interceptors = new CopyOnWriteArrayList<>();
    private final @Nullable InProcess inProcess;
    private final @Nullable Balancer balancer;
    private volatile @Nullable Transport transport;
    private volatile boolean stopped;

    /**
     * A handle; {@code name} is in every message.
     *
     * @param inProcess what answers in place of a socket; null to go over one
     * @param balancer what chooses an instance for each attempt; null to go by {@code clients.NAME.url}
     */
    public Client(
            String name,
            ClientConfig config,
            Policies policies,
            Tracing tracing,
            HttpClientMetrics metrics,
            @Nullable InProcess inProcess,
            @Nullable Balancer balancer) {
        this.name = name;
        this.config = config;
        this.time = policies.time();
        this.guard = guard(name, config, policies);
        this.tracing = tracing;
        this.metrics = metrics;
        this.inProcess = inProcess;
        this.balancer = balancer;
        var url = config.url().orElse(URI.create("http://" + name));
        this.target = named(Target.of("https".equals(url.getScheme()), url.getHost(), url.getPort()), config);
        var path = Objects.requireNonNullElse(url.getRawPath(), "");
        this.basePath = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        this.etags = config.etagCache().bytes() == 0
                ? null
                : new EtagCache(config.etagCache().bytes());
    }

    private static Guard guard(String name, ClientConfig config, Policies policies) {
        var guard = Guard.of(name, policies)
                .classifier(Verdicts.STANDARD)
                .grace(GRACE)
                .timeout(config.timeout().get())
                .budget(config.budget())
                .retry(config.retry())
                .bulkhead(config.bulkhead());
        if (config.breaker().enabled()) {
            if (config.breakerByPath()) {
                guard.breakerByPath(config.breaker(), MAX_CIRCUITS);
            } else {
                guard.breaker(config.breaker());
            }
        }
        config.attemptTimeout().ifPresent(guard::attemptTimeout);
        config.rateLimit().ifPresent(guard::rateLimit);
        config.adaptiveLimit().ifPresent(guard::adaptiveLimit);
        config.hedge().ifPresent(guard::hedge);
        return guard.build();
    }

    private static Target named(Target target, ClientConfig config) {
        var name = config.tls().flatMap(TlsConfig::name).orElse(target.tlsName());
        return new Target(target.secure(), target.host(), target.port(), target.authority(), name);
    }

    /** Reads the files of TLS, so that a bad one is told now. */
    @Override
    public void start() {
        if (config.tls().isPresent()) {
            transport();
        }
    }

    @Override
    public void stop() {
        stopped = true;
        var open = transport;
        if (open != null) {
            open.close();
        }
    }

    /** Puts something around each call from now on, the first one outermost. */
    public Client intercept(Interceptor interceptor) {
        interceptors.add(interceptor);
        return this;
    }

    /** A {@code GET}; {@code {name}} in the path is filled by {@link Call#path}. */
    public Call get(String path) {
        return call("GET", path);
    }

    /** A {@code POST} with a body as JSON. */
    public Call post(String path, Object body) {
        return call("POST", path).json(body);
    }

    /** A {@code PUT} with a body as JSON. */
    public Call put(String path, Object body) {
        return call("PUT", path).json(body);
    }

    /** A {@code PATCH} with a body as JSON. */
    public Call patch(String path, Object body) {
        return call("PATCH", path).json(body);
    }

    /** A {@code DELETE}. */
    public Call delete(String path) {
        return call("DELETE", path);
    }

    /** Any method, in capitals; without a body unless the call is given one. */
    public Call call(String method, String path) {
        return new Call(this, method, path, config.timeout().get());
    }

    // ---- the way of a call -----------------------------------------------------------------------------------------

    Answer make(Call call) {
        return intercepted(call, null);
    }

    @SuppressWarnings("NullAway") // T may itself be nullable; the reader has set it.
    <T extends @Nullable Object> T make(Call call, Answer.Reader<T> reader) throws IOException {
        var read = new Object() {
            @Nullable
            T value;
        };
        try {
            intercepted(call, live -> read.value = reader.read(live));
        } catch (Attempt.ReaderFailed ofTheReader) {
            throw ofTheReader.rethrow();
        }
        return read.value;
    }

    private Answer intercepted(Call call, Attempt.@Nullable Reading reading) {
        Interceptor.Next next = proceeding -> measured(proceeding, reading);
        for (int i = interceptors.size() - 1; i >= 0; i--) {
            var interceptor = interceptors.get(i);
            var rest = next;
            next = proceeding -> interceptor.intercept(proceeding, rest);
        }
        return next.proceed(call);
    }

    private Answer measured(Call call, Attempt.@Nullable Reading reading) {
        var context = Context.current();
        context.deadline().ifPresent(deadline -> deadline.check(call.toString()));
        var path = basePath + call.target();
        var span = tracing.client();
        var outcome = new Attempt.Outcome();
        Throwable failure = null;
        long begin = time.nanos();
        try {
            return guard.call(call.safety(), call.timeout(), call.pattern(), () -> new Attempt(
                            this, call, path, span.context(), outcome, reading)
                    .make());
        } catch (Throwable thrown) {
            failure = thrown;
            throw thrown;
        } finally {
            metrics.finished(
                    name,
                    call.method(),
                    call.pattern(),
                    outcome.status,
                    time.nanos() - begin,
                    span.context().trace());
            if (span.isRecorded() && outcome.attempts.get() > 1) {
                span.attribute("http.request.resend_count", outcome.attempts.get() - 1);
            }
            span.end(call.method(), outcome.url, call.pattern(), outcome.status, failure);
        }
    }

    // ---- for an attempt --------------------------------------------------------------------------------------------

    @Nullable
    Balancer balancer() {
        return balancer;
    }

    Target target() {
        return target;
    }

    /** The address of an instance, with the service's own name for its certificate. */
    Target target(Instance instance) {
        var there = Target.of(instance.scheme().equals("https"), instance.host(), instance.port());
        var tlsName = config.tls().flatMap(TlsConfig::name).orElse(instance.service());
        return new Target(there.secure(), there.host(), there.port(), there.authority(), tlsName);
    }

    /** Made by the first call, so that a start is not held up by it. */
    Transport transport() {
        var open = transport;
        return open != null ? open : openTransport();
    }

    private synchronized Transport openTransport() {
        var open = transport;
        if (open == null) {
            open = newTransport();
            transport = open;
            if (stopped) {
                open.close();
            }
        }
        return open;
    }

    private Transport newTransport() {
        if (inProcess != null) {
            return new InProcessTransport(inProcess);
        }
        var tls = config.tls()
                .map(files -> new Tls(
                        PemFiles.context("clients." + name + ".tls", files.trust(), files.certificate(), files.key())))
                .orElse(null);
        var settings = new TransportSettings(
                config.connectTimeout(),
                config.poolTimeout(),
                config.maxConnections(),
                config.idleTimeout(),
                (int) config.maxHeaders().bytes(),
                tls);
        return config.http2() ? Transport.http2(settings) : Transport.http1(settings);
    }

    /** The name that the service calls it by. */
    public String name() {
        return name;
    }

    ClientConfig config() {
        return config;
    }

    Tracing tracing() {
        return tracing;
    }

    String basePath() {
        return basePath;
    }

    @Nullable
    EtagCache etags() {
        return etags;
    }
}
