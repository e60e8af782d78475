package dev.plinth.http.engine;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One accepted connection: its channel, the bytes read ahead, and the time by which each wait must end.
 *
 * <p>Reads and writes block its virtual thread and have no time-out of their own, which would cost a timer for each.
 * They note when they must be over, and the listener's thread looks for those that are not: a read is ended by shutting
 * the input, so that an answer can still be sent; a write by closing the channel.
 *
 * <p>All bytes pass through {@link #receive} and {@link #write}, where TLS has its place.
 */
final class Connection implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final int FIRST_BUFFER = 4096;
    private static final long LINGER_NANOS = 2_000_000_000L;
    /** For the first request of a connection that was accepted last thing before the engine closed. */
    private static final long LAST_CALL_NANOS = 100_000_000L;

    private static final long LAST_WORDS_NANOS = 1_000_000_000L;
    /** No wait is on. */
    private static final long NONE = 0;
    /** The wait was ended from outside. */
    private static final long OVER = 1;

    private enum State {
        /** Accepted; nothing read yet. */
        FRESH,
        /** Waits for the next request. */
        IDLE,
        /** A request has begun and is not finished. */
        BUSY,
        /** Was idle when the engine closed, and ends now. */
        ENDING
    }

    private final SocketEngine engine;
    private final SocketChannel channel;
    /** The client, as the socket says, or the proxy before it. */
    private InetSocketAddress peer;

    private final boolean local;
    private boolean secureAtProxy;
    private final Thread thread;
    private final AtomicReference<State> state = new AtomicReference<>(State.FRESH);
    private final AtomicLong readUntil = new AtomicLong(NONE);
    private final AtomicLong writeUntil = new AtomicLong(NONE);

    private ByteBuffer window = ByteBuffer.allocate(FIRST_BUFFER);
    /** What was read: from {@link #start} to {@link #end} is not yet used. */
    byte[] bytes = window.array();

    int start;
    int end;

    private boolean limited;
    private long limit;
    /** What was waited for the body that is being read, and what came of it. */
    private long bodyWaited;

    private long bodyReceived;
    private volatile @Nullable Http2 http2;
    private volatile @Nullable TlsWire tls;

    Connection(SocketEngine engine, SocketChannel channel, Thread.Builder threads) throws IOException {
        this.engine = engine;
        this.channel = channel;
        local = !(channel.getRemoteAddress() instanceof InetSocketAddress);
        if (local) {
            peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        } else {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            peer = (InetSocketAddress) channel.getRemoteAddress();
        }
        thread = threads.unstarted(this);
    }

    void begin() {
        thread.start();
    }

    @Override
    public void run() {
        try {
            var proxies = engine.proxies();
            if (proxies != null) {
                introduced(proxies);
            }
            if (engine.tls() != null && !local && "h2".equals(greet(engine.tls()))) {
                new Http2(engine, this).serve(Http1.HTTP2_PREFACE, null);
            } else {
                new Http1(engine, this).serve();
            }
        } catch (IOException gone) {
            LOG.debug("{}: the connection of {} ended: {}", engine.name(), peer, gone.toString());
        } catch (RuntimeException | Error bug) {
            LOG.error("{}: the connection of {} failed", engine.name(), peer, bug);
        } finally {
            close();
            engine.ended(this);
        }
    }

    /** Reads what a proxy says of its client. */
    private void introduced(Predicate<InetAddress> proxies) throws IOException {
        if (!proxies.test(peer.getAddress())) {
            throw new IOException("it is no proxy that may speak the PROXY protocol");
        }
        var header = ProxyHeader.read(this, System.nanoTime() + engine.readNanos());
        peer = header.client() == null ? peer : header.client();
        secureAtProxy = header.secure();
    }

    /** Shakes hands, and returns the protocol that was agreed on. */
    private String greet(Supplier<SSLEngine> engines) throws IOException {
        var ssl = engines.get();
        var parameters = ssl.getSSLParameters();
        parameters.setApplicationProtocols(
                engine.speaksHttp2() ? new String[] {"h2", "http/1.1"} : new String[] {"http/1.1"});
        ssl.setSSLParameters(parameters);
        // What a proxy's header was read with is the begin of the handshake.
        var wire = new TlsWire(ssl, channel, ByteBuffer.wrap(Arrays.copyOfRange(bytes, start, end)));
        start = end;
        tls = wire;
        long until = System.nanoTime() + engine.readNanos();
        readUntil.set(until);
        writeUntil.set(until);
        wire.handshake();
        if (!readUntil.compareAndSet(until, NONE) || !writeUntil.compareAndSet(until, NONE)) {
            throw new SocketTimeoutException("the handshake took too long");
        }
        return wire.protocol();
    }

    /** Whether it is encrypted, as far as the client sees. */
    boolean secure() {
        return tls != null || secureAtProxy;
    }

    /** Who is at the other end of a Unix socket; empty where that isn't known. */
    String user() {
        try {
            return local && channel.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED)
                    ? channel.getOption(ExtendedSocketOptions.SO_PEERCRED)
                            .user()
                            .getName()
                    : "";
        } catch (IOException gone) {
            return "";
        }
    }

    /** Who the client says that it is, by certificates that were judged; its own first. Empty if it says nothing. */
    List<X509Certificate> certificates() {
        var wire = tls;
        if (wire == null) {
            return List.of();
        }
        try {
            var all = new ArrayList<X509Certificate>();
            for (var certificate : wire.session().getPeerCertificates()) {
                all.add((X509Certificate) certificate);
            }
            return List.copyOf(all);
        } catch (SSLPeerUnverifiedException nobody) {
            return List.of();
        }
    }

    InetSocketAddress peer() {
        return peer;
    }

    /** Waits for the first byte of a request; false if none will come. */
    boolean awaitRequest() throws IOException {
        limited = false;
        bodyWaited = 0;
        bodyReceived = 0;
        if (start < end) {
            return true;
        }
        empty();
        boolean fresh = state.get() == State.FRESH;
        state.set(State.IDLE);
        // Looked at after the state was set: whoever closes the engine sees the one, or is seen here.
        boolean closing = engine.closing();
        if (closing && !fresh) {
            return false;
        }
        int n;
        try {
            n = fill(System.nanoTime() + (closing ? LAST_CALL_NANOS : engine.patience(fresh)));
        } catch (SocketTimeoutException tooIdle) {
            return false;
        }
        // If the engine closed just now, what had arrived before that is still answered.
        state.compareAndSet(State.IDLE, State.BUSY);
        return n > 0;
    }

    private void empty() {
        start = 0;
        end = 0;
        if (bytes.length > FIRST_BUFFER) {
            window = ByteBuffer.allocate(FIRST_BUFFER);
            bytes = window.array();
        }
    }

    /** Whether more was read than has been used. */
    boolean hasMore() {
        return start < end;
    }

    /** Reads more behind what is there, waiting for at least one byte; -1 at the end of the input. */
    int fill(long until) throws IOException {
        if (end == bytes.length) {
            if (start > 0) {
                System.arraycopy(bytes, start, bytes, 0, end - start);
            } else {
                bytes = Arrays.copyOf(bytes, bytes.length * 2);
                window = ByteBuffer.wrap(bytes);
            }
            end -= start;
            start = 0;
        }
        int n = receive(window.limit(bytes.length).position(end), until);
        end += Math.max(n, 0);
        return n;
    }

    /** The next byte of a body. */
    int next() throws IOException {
        if (start == end) {
            start = 0;
            end = 0;
            if (fillBody() < 0) {
                throw new EOFException("the client ended the connection inside the body");
            }
        }
        return bytes[start++] & 0xff;
    }

    /** Bytes of a body, at least one; -1 at the end of the input. */
    int read(byte[] to, int offset, int length) throws IOException {
        if (start == end) {
            if (length >= FIRST_BUFFER) {
                long began = System.nanoTime();
                return waited(began, receive(ByteBuffer.wrap(to, offset, length), readLimit(began)));
            }
            start = 0;
            end = 0;
            if (fillBody() < 0) {
                return -1;
            }
        }
        int n = Math.min(length, end - start);
        System.arraycopy(bytes, start, to, offset, n);
        start += n;
        return n;
    }

    private int fillBody() throws IOException {
        long began = System.nanoTime();
        return waited(began, fill(readLimit(began)));
    }

    private int waited(long began, int received) {
        bodyWaited += System.nanoTime() - began;
        bodyReceived += Math.max(received, 0);
        return received;
    }

    /** Waits for the first byte of a frame, for as long as it takes; false at the end of the input. */
    boolean awaitFrame() throws IOException {
        if (start < end) {
            return true;
        }
        start = 0;
        end = 0;
        return fill(NONE) > 0;
    }

    /** Waits until so many bytes are there; false if the input ends before. */
    boolean has(int count, long until) throws IOException {
        while (end - start < count) {
            if (fill(until) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the next bytes are these, waiting for as many as it takes to know; they stay there. */
    boolean startsWith(byte[] prefix, long until) throws IOException {
        for (int i = 0; i < prefix.length; i++) {
            if (start + i == end && fill(until) < 0) {
                return false;
            }
            if (bytes[start + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /** From now on it is HTTP/2, which has its own notion of being idle. */
    void http2(Http2 session) {
        http2 = session;
        if (engine.closing()) {
            session.end();
        }
    }

    private int receive(ByteBuffer to, long until) throws IOException {
        readUntil.set(until);
        var wire = tls;
        int n = wire == null ? channel.read(to) : wire.read(to);
        if (!readUntil.compareAndSet(until, NONE)) {
            throw new SocketTimeoutException("the client sent nothing in time");
        }
        return n;
    }

    void write(Bytes from) throws IOException {
        write(from.array, 0, from.size);
    }

    void write(byte[] from, int offset, int length) throws IOException {
        var rest = ByteBuffer.wrap(from, offset, length);
        var wire = tls;
        long now = System.nanoTime();
        long began = now;
        while (rest.hasRemaining()) {
            if (rest.position() > offset) {
                now = System.nanoTime();
            }
            long latest = began + engine.patienceFor(rest.position() - offset);
            long until = writeLimit(now);
            writeUntil.set(latest - until < 0 ? latest : until);
            if (wire == null) {
                channel.write(rest);
            } else {
                wire.write(rest);
            }
        }
        writeUntil.set(NONE);
    }

    /** The same, to be over by then, however often some of it is taken. */
    void write(byte[] from, int offset, int length, long until) throws IOException {
        var rest = ByteBuffer.wrap(from, offset, length);
        var wire = tls;
        writeUntil.set(until);
        while (rest.hasRemaining()) {
            if (wire == null) {
                channel.write(rest);
            } else {
                wire.write(rest);
            }
        }
        writeUntil.set(NONE);
    }

    /** Bounds the waits for the request that is being served. */
    void timeLimit(long nanos) {
        limited = true;
        limit = System.nanoTime() + nanos;
    }

    private long readLimit(long now) {
        long until = now + Math.min(engine.readNanos(), engine.patienceFor(bodyReceived) - bodyWaited);
        return limited && limit - until < 0 ? limit : until;
    }

    private long writeLimit(long now) {
        long until = now + engine.readNanos();
        if (!limited) {
            return until;
        }
        long latest = Math.max(limit - now, LAST_WORDS_NANOS) + now;
        return latest - until < 0 ? latest : until;
    }

    /** Ends the waits that are over; called by the listener's thread. */
    void expire(long now) {
        boolean silent = isOver(readUntil, now);
        if (silent) {
            shutInput();
        }
        if (isOver(writeUntil, now)) {
            if (silent) {
                close(); // it shook no hands, and nothing was sent
            } else {
                cut(); // what it has not taken by now is not to wait in the system's memory either
            }
        }
        var session = http2;
        if (session != null) {
            session.expire(now);
        }
    }

    private static boolean isOver(AtomicLong wait, long now) {
        long until = wait.get();
        return until != NONE && until != OVER && now - until >= 0 && wait.compareAndSet(until, OVER);
    }

    /** Ends it if it waits for a request. What has already arrived is still read and answered. */
    void endIfIdle() {
        var session = http2;
        if (session != null) {
            session.end();
        }
        if (state.compareAndSet(State.IDLE, State.ENDING)) {
            shutInput();
        }
    }

    /** Sends nothing more, which over TLS is something to be sent. */
    void shutOutput() {
        try {
            var wire = tls;
            if (wire != null) {
                writeUntil.set(System.nanoTime() + LAST_WORDS_NANOS);
                wire.farewell();
                writeUntil.set(NONE);
            }
            channel.shutdownOutput();
        } catch (IOException alreadyClosed) {
            LOG.trace("shut output", alreadyClosed);
        }
    }

    private void shutInput() {
        try {
            channel.shutdownInput();
        } catch (IOException alreadyClosed) {
            LOG.trace("shut input", alreadyClosed);
        }
    }

    /**
     * Ends the output and reads on for a while: closing with unread input resets the connection, and the client might
     * lose the answer.
     */
    void linger() throws IOException {
        shutOutput();
        long until = System.nanoTime() + LINGER_NANOS;
        try {
            while (System.nanoTime() - until < 0 && receive(window.clear(), until) >= 0) {
                // thrown away
            }
        } catch (SocketTimeoutException enough) {
            LOG.trace("linger", enough);
        }
    }

    /** Closes so that the client sees that something is missing. */
    void cut() {
        try {
            if (!local) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException alreadyClosed) {
            LOG.trace("cut", alreadyClosed);
        }
        close();
    }

    /** Closes whatever is going on. */
    void kill() {
        close();
        thread.interrupt();
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException alreadyClosed) {
            LOG.trace("close", alreadyClosed);
        }
    }
}
