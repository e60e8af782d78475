package dev.plinth.http.engine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener: one thread that accepts connections and ends the waits that are over, and a virtual thread for each
 * connection.
 */
final class SocketEngine implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(SocketEngine.class);
    /** How exact time-outs are. */
    private static final long TICK_MILLIS = 50;

    private static final double LONGEST_NANOS = 2e18;

    private static final Duration AFTER_THE_CUT = Duration.ofSeconds(1);

    private final ListenerSettings settings;
    private final ExchangeHandler handler;
    /** The port's, the Unix socket's, or both. */
    private final List<ServerSocketChannel> servers;

    private final @Nullable UnixSocket unix;
    private final Selector selector;
    private final int port;
    private final Thread watch;
    private final Thread.Builder threads;
    private final Thread.Builder streams;
    private final Thread.Builder writers;
    private final Turns turns;
    private final HttpDate date = new HttpDate();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Object changed = new Object();
    /** At the limit of connections: the next that ends wakes the accepting thread. */
    private volatile boolean full;

    private boolean exhausted;
    private volatile boolean stopping;
    private volatile boolean closing;
    private volatile boolean closed;

    private SocketEngine(
            ListenerSettings settings,
            ExchangeHandler handler,
            @Nullable ServerSocketChannel tcp,
            @Nullable UnixSocket unix,
            Selector selector)
            throws IOException {
        this.settings = settings;
        this.handler = handler;
        this.unix = unix;
        this.selector = selector;
        servers = new ArrayList<>(2);
        if (tcp != null) {
            servers.add(tcp);
        }
        if (unix != null) {
            servers.add(unix.server());
        }
        for (var server : servers) {
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
        }
        port = tcp == null ? 0 : ((InetSocketAddress) tcp.getLocalAddress()).getPort();
        threads = Thread.ofVirtual().name(settings.name() + "-", 1);
        streams = Thread.ofVirtual().name(settings.name() + "-stream");
        writers = Thread.ofVirtual().name(settings.name() + "-writer");
        turns = new Turns(Thread.ofVirtual().name(settings.name() + "-turns").factory());
        watch = Thread.ofPlatform().daemon().name(settings.name() + "-accept").unstarted(this::watch);
    }

    static SocketEngine open(ListenerSettings settings, ExchangeHandler handler) throws IOException {
        var atPath = settings.unix();
        var tcp = atPath != null && atPath.only() ? null : bind(settings);
        try {
            var unix = atPath == null ? null : UnixSocket.open(atPath, settings.backlog());
            try {
                var engine = new SocketEngine(settings, handler, tcp, unix, Selector.open());
                engine.watch.start();
                return engine;
            } catch (IOException | RuntimeException failed) {
                try (unix) {
                    throw failed;
                }
            }
        } catch (IOException | RuntimeException failed) {
            try (tcp) {
                throw failed;
            }
        }
    }

    private static ServerSocketChannel bind(ListenerSettings settings) throws IOException {
        var address = new InetSocketAddress(settings.host(), settings.port());
        if (address.isUnresolved()) {
            throw new UnknownHostException("unknown host " + settings.host());
        }
        var server = ServerSocketChannel.open();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            return server.bind(address, settings.backlog());
        } catch (IOException | RuntimeException failed) {
            server.close();
            throw failed;
        }
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void stopAccepting() {
        stopping = true;
        wake();
        await(stopped);
    }

    @Override
    public void close(Duration grace) {
        stopAccepting();
        closing = true;
        for (var connection : connections) {
            connection.endIfIdle();
        }
        awaitNone(grace);
        for (var connection : connections) {
            connection.kill();
        }
        awaitNone(AFTER_THE_CUT);
        closed = true;
        wake();
        join();
    }

    private void watch() {
        long nextSweep = System.nanoTime();
        try {
            while (!closed) {
                selector.select(connections.isEmpty() && !exhausted ? 0 : TICK_MILLIS);
                selector.selectedKeys().clear();
                if (servers.getFirst().isOpen()) {
                    accept();
                }
                long now = System.nanoTime();
                if (now - nextSweep >= 0) {
                    nextSweep = now + TICK_MILLIS * 1_000_000;
                    if (!connections.isEmpty()) {
                        turns.probe(now);
                    }
                    for (var connection : connections) {
                        connection.expire(now);
                    }
                }
            }
        } catch (IOException | RuntimeException | Error broken) {
            LOG.error("{}: the listener failed and takes no more connections", name(), broken);
        } finally {
            closeServer();
            closeSelector();
        }
    }

    @Override
    public boolean isBusy() {
        return turns.isBusy();
    }

    /** Accepts what is there, up to the limit. */
    private void accept() throws IOException {
        boolean last = stopping;
        for (var server : servers) {
            boolean more = true;
            while (more && connections.size() < settings.maxConnections()) {
                more = acceptOne(server);
            }
        }
        full = true;
        if (last || connections.size() < settings.maxConnections()) {
            full = false;
        }
        if (last) {
            closeServer();
            selector.selectNow();
        } else {
            for (var acceptable : selector.keys()) {
                acceptable.interestOps(full || exhausted ? 0 : SelectionKey.OP_ACCEPT);
            }
        }
    }

    private boolean acceptOne(ServerSocketChannel server) throws IOException {
        SocketChannel channel;
        try {
            channel = server.accept();
        } catch (IOException failed) {
            // No file descriptors left, most likely: the backlog waits for the next tick.
            if (!exhausted) {
                LOG.warn("{}: no connection can be accepted for now: {}", name(), failed.toString());
            }
            exhausted = true;
            return false;
        }
        exhausted = false;
        if (channel != null) {
            begin(channel);
        }
        return channel != null;
    }

    private void begin(SocketChannel channel) throws IOException {
        try {
            var connection = new Connection(this, channel, threads);
            connections.add(connection);
            connection.begin();
        } catch (IOException gone) {
            LOG.debug("{}: a connection ended before it began: {}", name(), gone.toString());
            channel.close();
        }
    }

    private void closeServer() {
        try (unix) {
            for (var server : servers) {
                server.close();
            }
        } catch (IOException failed) {
            LOG.warn("{}: the listening socket could not be closed", name(), failed);
        }
        stopped.countDown();
    }

    private void closeSelector() {
        synchronized (changed) {
            try {
                selector.close();
            } catch (IOException failed) {
                LOG.warn("{}: the selector could not be closed", name(), failed);
            }
        }
    }

    /** Wakes the accepting thread; a selector that is closed must not be touched. */
    private void wake() {
        synchronized (changed) {
            if (selector.isOpen()) {
                selector.wakeup();
            }
        }
    }

    /** Called by a connection's thread at its end. */
    void ended(Connection connection) {
        connections.remove(connection);
        if (full) {
            full = false;
            wake();
        }
        if (closing) {
            synchronized (changed) {
                changed.notifyAll();
            }
        }
    }

    private void awaitNone(Duration limit) {
        long until = System.nanoTime() + limit.toNanos();
        synchronized (changed) {
            while (!connections.isEmpty()) {
                long millis = (until - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    return;
                }
                try {
                    changed.wait(millis);
                } catch (InterruptedException hurry) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private void join() {
        try {
            watch.join();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    Turns turns() {
        return turns;
    }

    /** Starts the thread that answers a stream of HTTP/2. */
    void streamThread(Runnable stream) {
        streams.start(stream);
    }

    /** Starts the thread that writes what an HTTP/2 connection has to send. */
    void writerThread(Runnable writer) {
        writers.start(writer);
    }

    String name() {
        return settings.name();
    }

    ExchangeHandler handler() {
        return handler;
    }

    boolean closing() {
        return closing;
    }

    @Nullable
    Supplier<SSLEngine> tls() {
        return settings.tls();
    }

    @Nullable
    Predicate<InetAddress> proxies() {
        return settings.proxies();
    }

    boolean speaksHttp2() {
        return settings.http2();
    }

    boolean upgradesToHttp2() {
        return settings.http2Upgrade();
    }

    int maxHeaderBytes() {
        return settings.maxHeaderBytes();
    }

    ListenerSettings.Bounds bounds() {
        return settings.bounds();
    }

    /**
     * How long may be waited for a client that has moved so many bytes so far, in all: the read time-out, and the time
     * that the bytes take at the least rate.
     */
    long patienceFor(long moved) {
        long rate = settings.bounds().minRate();
        double nanos = rate == 0 ? Double.MAX_VALUE : readNanos() + moved * 1e9 / rate;
        return (long) Math.min(nanos, LONGEST_NANOS);
    }

    long maxBodyBytes() {
        return settings.maxBodyBytes();
    }

    Duration readTimeout() {
        return settings.readTimeout();
    }

    long readNanos() {
        return settings.readTimeout().toNanos();
    }

    /** How long a connection may say nothing. */
    long patience(boolean fresh) {
        return (fresh ? settings.readTimeout() : settings.idleTimeout()).toNanos();
    }

    String date() {
        return date.line(System.currentTimeMillis() / 1000);
    }
}
