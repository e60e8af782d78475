package dev.plinth.http.engine;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.http2.Http2ErrorCode;
import io.helidon.http.http2.Http2Exception;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.spi.ServerConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.security.Principal;
import java.security.cert.Certificate;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP/2 side of a connection: Helidon's connection reads the frames on the connection's thread and calls {@link
 * #answer} on a thread for each stream; here are the bytes below it, and the orderly end.
 *
 * <p>Helidon's connection has no way to say that no new streams are welcome while old ones finish, so the frame that says
 * so ({@code GOAWAY}) is written from here, between the others.
 */
final class Http2Session implements ConnectionContext, DataWriter, PeerInfo {
    private static final Logger LOG = LoggerFactory.getLogger(Http2Session.class);
    private static final int FRAME_HEADER = 9;
    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 0x4;
    private static final int ANY_STREAM = Integer.MAX_VALUE;
    private static final long STUCK_NANOS = 1_000_000_000L;

    private final SocketEngine engine;
    private final Http2 shared;
    private final Connection wire;
    private final DataReader reader;
    private final ReentrantLock writing = new ReentrantLock();
    private final Bytes out = new Bytes(1024);
    private final Set<Http2Exchange> active = ConcurrentHashMap.newKeySet();
    private boolean insideHeaders;
    private int announcedLast = -1;
    private int lastStream;
    private volatile long quietSince = System.nanoTime();
    private final AtomicBoolean leaving = new AtomicBoolean();
    private volatile boolean ending;
    private volatile long endingSince;

    Http2Session(SocketEngine engine, Http2 shared, Connection wire) {
        this.engine = engine;
        this.shared = shared;
        this.wire = wire;
        reader = DataReader.create(this::pull);
    }

    void serve(ServerConnection connection) throws IOException {
        wire.http2(this);
        try {
            connection.handle(shared.unlimited());
        } catch (UncheckedIOException gone) {
            throw gone.getCause();
        } catch (InterruptedException | RuntimeException over) {
            // Mistakes of the client and the end of the connection alike; the client has been told by a frame.
            LOG.debug("{}: the HTTP/2 connection of {} ended: {}", engine.name(), wire.peer(), over.toString());
        }
    }

    /** Called on a stream's thread. */
    void answer(RoutingRequest request, RoutingResponse response) {
        var exchange = new Http2Exchange(engine, this, request, response);
        active.add(exchange);
        try {
            if (!welcome(request.id())) {
                throw reset(Http2ErrorCode.REFUSED_STREAM);
            }
            try {
                exchange.checkTarget();
                engine.handler().handle(exchange);
            } catch (Refused refused) {
                exchange.refuse(refused);
            } catch (RuntimeException | Error bug) {
                LOG.error(
                        "{}: the handler of {} threw",
                        engine.name(),
                        request.prologue().method(),
                        bug);
            }
            Thread.interrupted();
            exchange.finish();
        } finally {
            active.remove(exchange);
            quietSince = System.nanoTime();
            if (ending && active.isEmpty()) {
                endingSince = quietSince;
                wire.shutOutput();
            }
        }
    }

    private boolean welcome(int stream) {
        writing.lock();
        try {
            if (ending && stream > announcedLast) {
                return false;
            }
            lastStream = Math.max(lastStream, stream);
            return true;
        } finally {
            writing.unlock();
        }
    }

    /** What ends a stream before its time. */
    static CloseConnectionException reset(Http2ErrorCode code) {
        return new CloseConnectionException("reset", new Http2Exception(code, "reset"));
    }

    /** Asks the client to open no more streams here; those that it opens meanwhile are served. */
    void discourage() {
        goAway(false);
    }

    /** Ends the connection as soon as the streams that have begun are finished. */
    void end() {
        if (leaving.compareAndSet(false, true)) {
            // The write may wait for the client, and this is called by threads that must not.
            Thread.ofVirtual().name(engine.name() + "-goaway").start(() -> {
                goAway(true);
                if (active.isEmpty()) {
                    wire.shutOutput();
                }
            });
        }
    }

    private void goAway(boolean last) {
        writing.lock();
        try {
            if (last) {
                endingSince = System.nanoTime();
                ending = true;
            }
            int stream = last ? lastStream : ANY_STREAM;
            if (announcedLast == stream || insideHeaders) {
                return;
            }
            announcedLast = stream;
            out.clear().add(0).add(0).add(8).add(7);
            for (int i = 0; i < 5; i++) {
                out.add(0);
            }
            out.add(stream >>> 24).add(stream >>> 16).add(stream >>> 8).add(stream);
            out.add(0).add(0).add(0).add(0);
            writeUninterrupted();
        } catch (IOException gone) {
            LOG.debug("{}: no GOAWAY for {}: {}", engine.name(), wire.peer(), gone.toString());
        } finally {
            writing.unlock();
        }
    }

    /** Ends the waits that are over, and the connection if it has been quiet for too long. */
    void expire(long now) {
        for (var exchange : active) {
            exchange.expire(now, writing);
        }
        if (!active.isEmpty()) {
            return;
        }
        if (now - quietSince - engine.patience(false) > 0) {
            end();
        }
        // The client has had its time to close; or the connection's thread is stuck with what it was sent.
        if (ending && now - endingSince - STUCK_NANOS > 0) {
            wire.kill();
        }
    }

    /** Interrupts all that goes on. */
    void kill() {
        for (var exchange : active) {
            exchange.interrupt();
        }
    }

    private byte @org.jspecify.annotations.Nullable [] pull() {
        try {
            var bytes = wire.take();
            quietSince = System.nanoTime();
            return bytes;
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    @Override
    public void writeNow(BufferData frame) {
        writing.lock();
        try {
            out.clear().take(frame, frame.available());
            watchHeaders();
            writeUninterrupted();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        } finally {
            writing.unlock();
        }
    }

    /** An interrupt that is meant for a handler would close the socket here. */
    private void writeUninterrupted() throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            wire.write(out);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Between a HEADERS frame that is to be continued and its end no other frame may be written. */
    private void watchHeaders() {
        if (out.size >= FRAME_HEADER) {
            int type = out.array[3];
            insideHeaders = (type == HEADERS || type == CONTINUATION) && (out.array[4] & END_HEADERS) == 0;
        }
    }

    @Override
    public void writeNow(BufferData... frames) {
        for (var frame : frames) {
            writeNow(frame);
        }
    }

    @Override
    public void write(BufferData frame) {
        writeNow(frame);
    }

    @Override
    public void write(BufferData... frames) {
        writeNow(frames);
    }

    Connection wire() {
        return wire;
    }

    @Override
    public DataReader dataReader() {
        return reader;
    }

    @Override
    public DataWriter dataWriter() {
        return this;
    }

    @Override
    public ListenerContext listenerContext() {
        return shared.listener();
    }

    @Override
    public ExecutorService executor() {
        return shared.streams();
    }

    @Override
    public Router router() {
        return shared.routes();
    }

    @Override
    public PeerInfo remotePeer() {
        return this;
    }

    @Override
    public PeerInfo localPeer() {
        return this;
    }

    @Override
    public boolean isSecure() {
        return false;
    }

    @Override
    public String socketId() {
        return engine.name();
    }

    @Override
    public String childSocketId() {
        return "http2";
    }

    @Override
    public SocketAddress address() {
        return wire.peer();
    }

    @Override
    public String host() {
        return wire.peer().getHostString();
    }

    @Override
    public int port() {
        return wire.peer().getPort();
    }

    @Override
    public Optional<Principal> tlsPrincipal() {
        return Optional.empty();
    }

    @Override
    public Optional<Certificate[]> tlsCertificates() {
        return Optional.empty();
    }
}
