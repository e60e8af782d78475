package dev.plinth.testkit;

import dev.plinth.time.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a client and a server of TCP and does to their bytes what bad networks and dying servers do; what, can be
 * changed while it runs.
 *
 * <pre>{@code
 * try (var proxy = FaultProxy.to("127.0.0.1", server.port())) {
 *     proxy.fault(new FaultProxy.Cut(120));
 *     assertThatThrownBy(() -> client.get("/quotes/1").send()).hasMessageContaining("inside the body");
 *     proxy.fault(FaultProxy.NONE);
 * }
 * }</pre>
 *
 * <p>A fault acts on connections that are open already, too, from the next bytes on. Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {
    /** What is done to the bytes. */
    public sealed interface Fault {}

    /** Nothing is done. */
    public record None() implements Fault {}

    /** Connections are refused, and those that are open are closed. */
    public record Refuse() implements Fault {}

    /** Connections are accepted, and nothing ever comes. */
    public record Stall() implements Fault {}

    /** The connection is closed in order after that many bytes of answers. */
    public record Cut(long afterBytes) implements Fault {}

    /** The connection is reset (RST) after that many bytes of answers. */
    public record Reset(long afterBytes) implements Fault {}

    /** Answers come a byte at a time, at that pace. */
    public record Drip(double bytesPerSecond) implements Fault {}

    /** Of each answer's bytes behind the first so many, all bits are turned over. */
    public record Corrupt(long afterBytes) implements Fault {}

    /** Each piece of an answer comes that much later. */
    public record Delay(Duration by) implements Fault {}

    /** No fault. */
    public static final Fault NONE = new None();

    private final InetSocketAddress target;
    private final int port;
    private final Time time = Time.system();
    private final Set<Line> lines = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final Object changed = new Object();
    private volatile Fault fault = NONE;
    private volatile boolean closed;
    private @Nullable ServerSocket server;
    private @Nullable Thread accepting;

    private FaultProxy(InetSocketAddress target) {
        this.target = target;
        var socket = listen(0);
        this.server = socket;
        this.port = socket.getLocalPort();
    }

    /** One before that server, on a free port of the loopback; without a fault. */
    public static FaultProxy to(String host, int port) {
        return new FaultProxy(new InetSocketAddress(host, port));
    }

    private ServerSocket listen(int wanted) {
        try {
            var socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), 1024);
            accepting = Thread.ofVirtual().name("fault-proxy").start(() -> accept(socket));
            return socket;
        } catch (IOException failed) {
            throw new UncheckedIOException("the proxy can't listen on port " + wanted, failed);
        }
    }

    /** The port to connect to. */
    public int port() {
        return port;
    }

    /** {@code http://127.0.0.1:PORT}. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** How many connections were accepted so far. */
    public int accepted() {
        return accepted.get();
    }

    /** How many are open on the side of the client. */
    public int open() {
        return lines.size();
    }

    /** Does this from now on. */
    public synchronized void fault(Fault newFault) {
        fault = newFault;
        synchronized (changed) {
            changed.notifyAll();
        }
        if (newFault instanceof Refuse) {
            stopAccepting();
            closeAll();
        } else if (server == null && !closed) {
            server = listen(port);
        }
    }

    /** The system goes on completing connections until the accepting thread has let the socket go. */
    private void stopAccepting() {
        close(server);
        server = null;
        var thread = accepting;
        accepting = null;
        if (thread != null) {
            try {
                thread.join();
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Closes all connections that are open now, as a server does that restarts. */
    public void closeAll() {
        lines.forEach(Line::close);
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                var line = new Line(socket.accept());
                accepted.incrementAndGet();
                lines.add(line);
                if (closed || fault instanceof Refuse) {
                    line.close();
                } else {
                    line.begin();
                }
            } catch (IOException over) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException("the proxy can't accept", over);
                }
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        stopAccepting();
        closeAll();
        synchronized (changed) {
            changed.notifyAll();
        }
    }

    private static void close(@Nullable AutoCloseable socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (Exception alreadyGone) {
            // It is closed.
        }
    }

    /** A connection of a client, and the one to the server that belongs to it. */
    private final class Line {
        private final Socket client;
        private final Socket there = new Socket();
        private final CountDownLatch ended = new CountDownLatch(1);
        private @Nullable Fault counted;
        private long bytes;

        Line(Socket client) {
            this.client = client;
        }

        void begin() {
            Thread.ofVirtual().name("fault-proxy-to").start(() -> pump(true));
        }

        private void pump(boolean connecting) {
            try {
                if (connecting) {
                    client.setTcpNoDelay(true);
                    there.connect(target, 5000);
                    there.setTcpNoDelay(true);
                    Thread.ofVirtual().name("fault-proxy-back").start(() -> pump(false));
                    copy(client.getInputStream(), there.getOutputStream());
                    there.shutdownOutput();
                } else {
                    answers(there.getInputStream(), client.getOutputStream());
                    client.shutdownOutput();
                }
            } catch (IOException | InterruptedException over) {
                close();
                return;
            }
            if (!connecting) {
                close();
            }
        }

        private void copy(InputStream from, OutputStream to) throws IOException, InterruptedException {
            var buffer = new byte[8192];
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                awaitFlow();
                to.write(buffer, 0, n);
            }
        }

        private void answers(InputStream from, OutputStream to) throws IOException, InterruptedException {
            var buffer = new byte[8192];
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                awaitFlow();
                pass(buffer, n, to);
            }
        }

        private void awaitFlow() throws InterruptedException, IOException {
            synchronized (changed) {
                while (fault instanceof Stall && !isClosed()) {
                    changed.wait();
                }
            }
            if (isClosed()) {
                throw new IOException("closed");
            }
        }

        private void pass(byte[] buffer, int n, OutputStream to) throws IOException, InterruptedException {
            var now = fault;
            if (!now.equals(counted)) {
                counted = now;
                bytes = 0;
            }
            switch (now) {
                case None _, Stall _ -> to.write(buffer, 0, n);
                case Refuse _ -> throw new IOException("refused");
                case Cut cut -> {
                    to.write(buffer, 0, Math.clamp(cut.afterBytes - bytes, 0, n));
                    bytes += n;
                    if (bytes > cut.afterBytes) {
                        throw new IOException("cut");
                    }
                }
                case Reset reset -> {
                    to.write(buffer, 0, Math.clamp(reset.afterBytes - bytes, 0, n));
                    bytes += n;
                    if (bytes > reset.afterBytes) {
                        client.setSoLinger(true, 0);
                        throw new IOException("reset");
                    }
                }
                case Drip drip -> {
                    for (int i = 0; i < n && now.equals(fault); i++) {
                        to.write(buffer[i]);
                        time.sleep(Duration.ofNanos((long) (1e9 / drip.bytesPerSecond)));
                    }
                }
                case Corrupt corrupt -> {
                    for (int i = 0; i < n; i++) {
                        if (bytes++ >= corrupt.afterBytes) {
                            buffer[i] ^= (byte) 0xff;
                        }
                    }
                    to.write(buffer, 0, n);
                }
                case Delay delay -> {
                    time.sleep(delay.by);
                    to.write(buffer, 0, n);
                }
            }
        }

        private boolean isClosed() {
            return ended.getCount() == 0;
        }

        void close() {
            ended.countDown();
            lines.remove(this);
            FaultProxy.close(client);
            FaultProxy.close(there);
            synchronized (changed) {
                changed.notifyAll();
            }
        }
    }
}
