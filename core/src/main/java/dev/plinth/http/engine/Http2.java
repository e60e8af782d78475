package dev.plinth.http.engine;

import java.io.IOException;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP/2 side of a connection (RFC 9113), from its begin to its end: its thread reads frames by {@link Http2Input};
 * each stream is answered by a {@link Http2Stream} on a thread of its own; {@link Http2Output} holds what goes out.
 *
 * <p>Memory is bounded by the streams' windows alone: what arrives is credited to the connection at once, so that a
 * stream whose body nobody reads doesn't hold up the others.
 *
 * <p>The state of all streams is guarded by one lock, {@link #lock}, under which nothing waits for the network.
 */
final class Http2 {
    private static final Logger LOG = LoggerFactory.getLogger(Http2.class);

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 0x1;
    static final int ACK = 0x1;
    static final int END_HEADERS = 0x4;

    static final int MAX_FRAME = 16 * 1024;
    static final int WINDOW = 64 * 1024 - 1;
    private static final int ANY_STREAM = Integer.MAX_VALUE;
    /** Handlers of one connection at one time, those of streams that the client has reset among them. */
    private static final int MAX_STREAMS = 100;

    private static final long LAST_WORDS_NANOS = 1_000_000_000L;
    /** For the client to close its side. */
    private static final long FAREWELL_NANOS = 3_000_000_000L;

    private final SocketEngine engine;
    private final Connection wire;
    final ReentrantLock lock = new ReentrantLock();
    final Http2Output out;
    private final Http2Input in;
    private final Map<Integer, Http2Stream> streams = new HashMap<>();
    private int handlers;
    private int lastStream;
    private int announcedLast = -1;
    private boolean ending;
    private long endingSince;
    private long quietSince = System.nanoTime();

    Http2(SocketEngine engine, Connection wire) {
        this.engine = engine;
        this.wire = wire;
        out = new Http2Output(engine, wire, lock, this::gone);
        in = new Http2Input(this);
    }

    SocketEngine engine() {
        return engine;
    }

    Connection wire() {
        return wire;
    }

    // ---- begin and end
    // -----------------------------------------------------------------------------------------------

    /**
     * Serves the connection to its end, which is when its last handler has returned.
     *
     * @param preface what the client begins with, and has been seen
     * @param upgraded the request of HTTP/1.1 that asked for it, which is answered as the first stream; may be null
     */
    void serve(byte[] preface, @Nullable RequestHead upgraded) throws IOException {
        try {
            lock.lock();
            try {
                settings();
                if (upgraded != null) {
                    apply(upgraded);
                }
            } finally {
                lock.unlock();
            }
            wire.http2(this);
            if (wire.startsWith(preface, System.nanoTime() + engine.readNanos())) {
                wire.start += preface.length;
                in.readFrames();
            }
        } catch (Http2Error wrong) {
            LOG.debug("{}: the HTTP/2 connection of {} is ended: {}", engine.name(), wire.peer(), wrong.getMessage());
            abort(wrong.code());
        } finally {
            gone();
            out.awaitWritten(LAST_WORDS_NANOS);
            awaitHandlers();
        }
    }

    private void settings() {
        out.frame(12, SETTINGS, 0, 0);
        setting(3, MAX_STREAMS);
        setting(6, engine.maxHeaderBytes());
        out.flush();
    }

    private void setting(int id, int value) {
        out.bytes().add(0).add(id);
        out.int32(value);
    }

    /** The upgrade of RFC 7540, section 3.2: the request is the first stream, and brings the client's settings. */
    private void apply(RequestHead upgraded) throws IOException {
        var payload = decoded(upgraded);
        in.settings(payload, 0, payload.length);
        lastStream = 1;
        open(1, Http2Head.of(upgraded), null, true);
    }

    /** Whether the settings that come with an upgrade can be read. */
    static boolean isUpgrade(RequestHead head) {
        return decoded(head).length % 6 == 0;
    }

    private static byte[] decoded(RequestHead head) {
        try {
            return Base64.getUrlDecoder().decode(head.headers("http2-settings").getFirst());
        } catch (IllegalArgumentException noSettings) {
            return new byte[1];
        }
    }

    /** The client is gone, or is treated as if: whoever works for it is told. */
    private void gone() {
        lock.lock();
        try {
            for (var stream : streams.values()) {
                stream.cancel();
            }
            out.changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void awaitHandlers() {
        lock.lock();
        try {
            while (handlers > 0) {
                out.changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Asks the client to open no more streams here; those that it opens meanwhile are served. */
    void discourage() {
        lock.lock();
        try {
            goAway(ANY_STREAM, Http2Error.NO_ERROR);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the connection as soon as the streams that have begun are finished. */
    void end() {
        lock.lock();
        try {
            if (!ending) {
                ending = true;
                goAway(lastStream, Http2Error.NO_ERROR);
                endIfDone();
            }
        } finally {
            lock.unlock();
        }
    }

    private void endIfDone() {
        if (ending && handlers == 0) {
            endOutput();
        }
    }

    private void endOutput() {
        endingSince = System.nanoTime();
        out.end();
    }

    private void abort(int code) {
        lock.lock();
        try {
            ending = true;
            goAway(lastStream, code);
            endOutput();
        } finally {
            lock.unlock();
        }
        gone();
        out.awaitWritten(LAST_WORDS_NANOS);
        try {
            wire.linger();
        } catch (IOException alreadyGone) {
            LOG.trace("linger", alreadyGone);
        }
    }

    private void goAway(int last, int code) {
        if (announcedLast == last && code == Http2Error.NO_ERROR) {
            return;
        }
        announcedLast = last;
        out.frame(8, GOAWAY, 0, 0);
        out.int32(last);
        out.int32(code);
        out.flush();
    }

    /** Ends what has waited too long; called by the listener's thread, which must not wait. */
    void expire(long now) {
        if (!lock.tryLock()) {
            return;
        }
        try {
            if (out.ended()) {
                if (now - endingSince >= FAREWELL_NANOS) {
                    wire.kill();
                }
            } else if (handlers == 0 && now - quietSince >= engine.patience(lastStream == 0)) {
                end();
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- streams
    // -----------------------------------------------------------------------------------------------------

    /** Called for each stream that the client opens; false if there are too many, and this one is refused. Under the lock. */
    boolean opened(int id, Http2Head head, boolean complete) {
        lastStream = id;
        if (ending || handlers == MAX_STREAMS) {
            reset(id, Http2Error.REFUSED_STREAM);
            return false;
        }
        open(id, head, head.judge(complete), complete);
        return true;
    }

    @Nullable
    Http2Stream stream(int id) {
        return streams.get(id);
    }

    Collection<Http2Stream> streams() {
        return streams.values();
    }

    /** The highest that the client has opened. */
    int lastStream() {
        return lastStream;
    }

    private void open(int id, Http2Head head, @Nullable Refused refused, boolean complete) {
        var stream = new Http2Stream(this, id, head, refused, out.initialWindow(), complete);
        streams.put(id, stream);
        handlers++;
        engine.streamThread(stream);
    }

    /** Called by a stream's thread at its end, under the lock. */
    void finished(Http2Stream stream) {
        streams.remove(stream.id());
        handlers--;
        quietSince = System.nanoTime();
        endIfDone();
        out.changed.signalAll();
    }

    /** Ends a stream before its time. Under the lock. */
    void reset(int stream, int code) {
        out.frame(4, RST_STREAM, 0, stream);
        out.int32(code);
        out.flush();
    }

    /** Lets the client send more of a body. Under the lock. */
    void credit(int stream, int count) {
        out.frame(4, WINDOW_UPDATE, 0, stream);
        out.int32(count);
        out.flush();
    }

    /** Begins an answer. Under the lock. */
    void headers(int stream, Bytes compressed, boolean last) {
        int at = 0;
        do {
            int n = Math.min(MAX_FRAME, compressed.size - at);
            boolean whole = at + n == compressed.size;
            int flags = (whole ? END_HEADERS : 0) | (at == 0 && last ? END_STREAM : 0);
            out.frame(n, at == 0 ? HEADERS : CONTINUATION, flags, stream);
            out.bytes().add(compressed.array, at, n);
            at += n;
        } while (at < compressed.size);
        out.flush();
    }

    /** Sends some of an answer's body. Under the lock. */
    void data(int stream, byte[] from, int offset, int count, boolean last) {
        out.frame(count, DATA, last ? END_STREAM : 0, stream);
        out.bytes().add(from, offset, count);
        out.flush();
    }
}
