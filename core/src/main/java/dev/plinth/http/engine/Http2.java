package dev.plinth.http.engine;

import io.helidon.common.concurrency.limits.FixedLimit;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.context.Context;
import io.helidon.common.context.Contexts;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.WritableHeaders;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.http.media.MediaContext;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.Routing;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpSecurity;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http2.Http2Config;
import io.helidon.webserver.http2.Http2ConnectionSelector;
import io.helidon.webserver.http2.Http2Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP/2 by Helidon's connections. Made when the first such connection comes, so that a listener that has none loads
 * nothing of it.
 *
 * <p>Helidon's routing, registry, configuration, media support and content encoding are switched off: its connections
 * get what they ask for from here, and each request goes straight to our handler.
 */
final class Http2 implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Http2.class);
    private static final int MAX_STREAMS = 100;
    private static final int WINDOW = 64 * 1024 - 1;

    private final SocketEngine engine;
    private final Limit unlimited = FixedLimit.create();
    private final ExecutorService streams;
    private final Http2ConnectionSelector connections;
    private final Http2Upgrader upgrades;
    private final Listener listener = new Listener();
    private final Routes routes = new Routes();

    Http2(SocketEngine engine) {
        this.engine = engine;
        loadRouting();
        streams = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(engine.name() + "-stream-", 1).factory());
        var config = Http2Config.builder()
                .maxConcurrentStreams(MAX_STREAMS)
                .initialWindowSize(WINDOW)
                .maxHeaderListSize(engine.maxHeaderBytes())
                .flowControlTimeout(engine.readTimeout())
                .validatePath(false)
                .buildPrototype();
        connections = Http2ConnectionSelector.builder().http2Config(config).build();
        upgrades = Http2Upgrader.create(config);
    }

    /**
     * Helidon's connections evaluate an empty routing of Helidon's, which asks its registry for mappers when it is loaded.
     * That registry is global and slow to make, so for this one moment it is one without anything, seen by this thread
     * alone.
     */
    private static void loadRouting() {
        var context = Context.create();
        var own = Context.create();
        own.register("helidon-registry", new NoServices());
        context.register("helidon-registry-static-context", own);
        Contexts.runInContext(context, () -> {
            HttpRouting.empty();
        });
    }

    /** Serves a connection that began with HTTP/2's preface. */
    void serve(Connection wire) throws IOException {
        var session = new Http2Session(engine, this, wire);
        session.serve(connections.connection(session));
    }

    /**
     * Serves a connection that asks for the upgrade to HTTP/2; false if it can't be granted, and the request is one of
     * HTTP/1.1 still.
     */
    boolean upgrade(Connection wire, RequestHead head) throws IOException {
        var session = new Http2Session(engine, this, wire);
        var target = head.query().isEmpty() ? head.path() : head.path() + "?" + head.query();
        var prologue = HttpPrologue.create("HTTP/1.1", "HTTP", "1.1", Method.create(head.method()), target, false);
        WritableHeaders<?> headers = WritableHeaders.create();
        head.eachHeader((name, value) -> {
            if (!isHopByHop(name)) {
                headers.add(io.helidon.http.HeaderValues.create(name, value));
            }
        });
        ServerConnection connection;
        try {
            connection = upgrades.upgrade(session, prologue, headers);
        } catch (IllegalArgumentException badSettings) {
            LOG.debug("{}: an upgrade to HTTP/2 with bad settings was not granted", engine.name(), badSettings);
            return false;
        }
        session.serve(connection);
        return true;
    }

    private static boolean isHopByHop(String name) {
        return name.equals("connection") || name.equals("upgrade");
    }

    Limit unlimited() {
        return unlimited;
    }

    ExecutorService streams() {
        return streams;
    }

    ListenerContext listener() {
        return listener;
    }

    Router routes() {
        return routes;
    }

    /** Interrupts the handlers whose connections are gone. */
    @Override
    public void close() {
        streams.shutdownNow();
        try {
            if (!streams.awaitTermination(1, TimeUnit.SECONDS)) {
                LOG.warn("{}: handlers of HTTP/2 requests go on although they were interrupted", engine.name());
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    /** What Helidon calls a router: hands each request on. */
    private static final class Routes implements Router, HttpRouting {
        @Override
        public void route(ConnectionContext session, RoutingRequest request, RoutingResponse response) {
            ((Http2Session) session).answer(request, response);
        }

        @Override
        // The type of routing is the key of what Helidon asks for.
        @SuppressWarnings("unchecked")
        public <T extends Routing> T routing(Class<T> type, T otherwise) {
            return type == HttpRouting.class ? (T) this : otherwise;
        }

        @Override
        public List<? extends Routing> routings() {
            return List.of(this);
        }

        @Override
        public @Nullable HttpSecurity security() {
            return null;
        }

        @Override
        public void beforeStart() {}

        @Override
        public void afterStart(WebServer server) {}

        @Override
        public void afterStop() {}
    }

    private final class Listener implements ListenerContext {
        private final Context context = Context.create();
        private final ListenerConfig config =
                ListenerConfig.builder().maxPayloadSize(-1).buildPrototype();
        private final DirectHandlers directHandlers = DirectHandlers.create();
        private final MediaContext media = new NoMedia();
        private final ContentEncodingContext encodings = ContentEncodingContext.builder()
                .contentEncodingsDiscoverServices(false)
                .build();

        @Override
        public Context context() {
            return context;
        }

        @Override
        public MediaContext mediaContext() {
            return media;
        }

        @Override
        public ContentEncodingContext contentEncodingContext() {
            return encodings;
        }

        @Override
        public DirectHandlers directHandlers() {
            return directHandlers;
        }

        @Override
        public ListenerConfig config() {
            return config;
        }

        @Override
        public ExecutorService executor() {
            return streams;
        }
    }
}
