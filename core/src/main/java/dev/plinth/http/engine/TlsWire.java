package dev.plinth.http.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * TLS over a connection's channel. One thread reads; any may write, one after the other. Waits are bounded by the
 * connection, which ends them from outside.
 */
final class TlsWire {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    /** All that an idle connection holds; enough for most requests. */
    private static final int SMALL = 512;

    private final SSLEngine engine;
    private final SocketChannel channel;
    private final ReentrantLock writing = new ReentrantLock();
    /** From the client, still encrypted; ready to be read. */
    private ByteBuffer received;
    /** Decrypted and not yet taken; ready to be read. */
    private ByteBuffer opened = NOTHING;

    private boolean greeted;

    /** @param begin what was read of it before */
    TlsWire(SSLEngine engine, SocketChannel channel, ByteBuffer begin) {
        this.engine = engine;
        this.channel = channel;
        this.received = begin;
        engine.setUseClientMode(false);
    }

    /**
     * Shakes hands.
     *
     * @throws SSLException if client and server have no common ground, or the client is no friend
     */
    void handshake() throws IOException {
        engine.beginHandshake();
        while (!greeted) {
            var status = engine.getHandshakeStatus();
            switch (status) {
                case FINISHED, NOT_HANDSHAKING -> greeted = true;
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (open() < 0) {
                        throw new SSLException("the client ended the connection inside the handshake");
                    }
                }
                case NEED_WRAP -> seal(NOTHING);
                case NEED_TASK -> runTasks();
            }
        }
    }

    /** The protocol that was agreed on, {@code h2} or {@code http/1.1}; empty where the client named none. */
    String protocol() {
        var protocol = engine.getApplicationProtocol();
        return protocol == null ? "" : protocol;
    }

    SSLSession session() {
        return engine.getSession();
    }

    /** Reads what is there, waiting for at least one byte; -1 at the end of the input. */
    int read(ByteBuffer to) throws IOException {
        while (!opened.hasRemaining()) {
            if (open() < 0) {
                return -1;
            }
        }
        int n = Math.min(to.remaining(), opened.remaining());
        to.put(opened.duplicate().limit(opened.position() + n));
        opened.position(opened.position() + n);
        if (!opened.hasRemaining()) {
            opened = NOTHING;
        }
        return n;
    }

    /** Decrypts one record, which may hold nothing for us; -1 at the end of the input. */
    private int open() throws IOException {
        while (true) {
            var to = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
            var result = engine.unwrap(received, to);
            switch (result.getStatus()) {
                case BUFFER_UNDERFLOW -> {
                    if (receive() < 0) {
                        return -1;
                    }
                }
                case CLOSED -> {
                    return -1;
                }
                case OK, BUFFER_OVERFLOW -> {
                    opened = to.flip();
                    answer(result.getHandshakeStatus());
                    return opened.remaining();
                }
            }
        }
    }

    /** What the protocol itself asks for behind the handshake: new keys in TLS 1.3, and nothing that TLS 1.2 could ask for. */
    private void answer(HandshakeStatus status) throws IOException {
        if (!greeted || status == HandshakeStatus.NOT_HANDSHAKING || status == HandshakeStatus.FINISHED) {
            return;
        }
        if (engine.getSession().getProtocol().equals("TLSv1.2")) {
            throw new SSLException("the client asked for another handshake");
        }
        if (status == HandshakeStatus.NEED_TASK) {
            runTasks();
        }
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            seal(NOTHING);
        }
    }

    private int receive() throws IOException {
        if (received.hasRemaining()) {
            int whole = engine.getSession().getPacketBufferSize();
            received = ByteBuffer.allocate(Math.max(received.remaining() * 2, whole))
                    .put(received);
        } else {
            received = ByteBuffer.allocate(SMALL);
        }
        int n = channel.read(received);
        received.flip();
        return n;
    }

    private void runTasks() {
        for (var task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /** Writes some of it, a record at most. */
    void write(ByteBuffer from) throws IOException {
        seal(from);
    }

    private void seal(ByteBuffer from) throws IOException {
        writing.lock();
        try {
            var sealed = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            var result = engine.wrap(from, sealed);
            sealed.flip();
            while (sealed.hasRemaining()) {
                channel.write(sealed);
            }
            if (result.getStatus() == SSLEngineResult.Status.CLOSED && from.hasRemaining()) {
                throw new SSLException("the connection is closed");
            }
        } finally {
            writing.unlock();
        }
    }

    /** Tells the client that nothing more will come, so that it can tell the end from a cut. */
    void farewell() throws IOException {
        engine.closeOutbound();
        seal(NOTHING);
    }
}
