package dev.plinth.client;

import dev.plinth.client.engine.Target;
import dev.plinth.client.engine.Tls;
import dev.plinth.client.engine.Transport;
import dev.plinth.client.engine.TransportSettings;
import dev.plinth.context.Context;
import dev.plinth.context.Deadline;
import dev.plinth.lifecycle.Component;
import dev.plinth.metrics.HttpClientMetrics;
import dev.plinth.time.Time;
import dev.plinth.tls.PemFiles;
import dev.plinth.trace.Tracing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
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
 * <p>Each call goes this way:
 *
 * <pre>
 * interceptors → metrics → trace → deadline → send → answer or problem
 * </pre>
 *
 * <p>Thread-safe; a handle that opens nothing before the first call.
 */
public final class Client implements Component {
    private final String name;
    private final ClientConfig config;
    private final Time time;
    private final Tracing tracing;
    private final HttpClientMetrics metrics;
    private final Target target;
    private final String basePath;
    private final @Nullable EtagCache etags;
    private final List<Interceptor> interceptors = new CopyOnWriteArrayList<>();
    private final @Nullable InProcess inProcess;
    private volatile @Nullable Transport transport;
    private volatile boolean stopped;

    /**
     * A handle; {@code name} is in every message.
     *
     * @param inProcess what answers in place of a socket; null to go by {@code clients.NAME.url}
     */
    public Client(
            String name,
            ClientConfig config,
            Time time,
            Tracing tracing,
            HttpClientMetrics metrics,
            @Nullable InProcess inProcess) {
        this.name = name;
        this.config = config;
        this.time = time;
        this.tracing = tracing;
        this.metrics = metrics;
        this.inProcess = inProcess;
        var url = config.url().orElse(URI.create("http://" + name));
        this.target = named(Target.of("https".equals(url.getScheme()), url.getHost(), url.getPort()), config);
        var path = Objects.requireNonNullElse(url.getRawPath(), "");
        this.basePath = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        this.etags = config.etagCache().bytes() == 0
                ? null
                : new EtagCache(config.etagCache().bytes());
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
        } catch (UncheckedIOException ofTheReader) {
            throw ofTheReader.getCause();
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
        var own = Deadline.after(time, call.timeout());
        var deadline = Context.current().deadline().map(own::earlier).orElse(own);
        deadline.check(call.toString());
        var span = tracing.client();
        var outcome = new Attempt.Outcome();
        Throwable failure = null;
        long begin = time.nanos();
        try {
            return new Attempt(this, call, span.context(), deadline, outcome, reading, 1).make(target);
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
            span.end(call.method(), outcome.url, call.pattern(), outcome.status, failure);
        }
    }

    // ---- for an attempt --------------------------------------------------------------------------------------------

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
