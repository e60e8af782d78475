package dev.plinth.http.engine;

import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP/2 side of a connection (RFC 9113): its thread reads the frames here; each stream is answered by a {@link
 * Http2Stream} on a thread of its own; {@link Http2Output} holds what goes out.
 *
 * <p>Memory is bounded by the streams' windows alone: what arrives is credited to the connection at once, so that a
 * stream whose body nobody reads doesn't hold up the others.
 *
 * <p>The state of all streams is guarded by one lock, {@link #lock}, under which nothing waits for the network.
 */
final class Http2 {
    private static final Logger LOG = LoggerFactory.getLogger(Http2.class);

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int PRIORITY = 2;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PUSH_PROMISE = 5;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;

    private static final int END_STREAM = 0x1;
    private static final int ACK = 0x1;
    private static final int END_HEADERS = 0x4;
    private static final int PADDED = 0x8;
    private static final int WITH_PRIORITY = 0x20;

    private static final int FRAME_HEADER = 9;
    static final int MAX_FRAME = 16 * 1024;
    static final int WINDOW = 64 * 1024 - 1;
    private static final int CREDIT = WINDOW / 2;
    private static final int ANY_STREAM = Integer.MAX_VALUE;
    /** Handlers of one connection at one time, those of streams that the client has reset among them. */
    private static final int MAX_STREAMS = 100;
    /** Compressed headers may be that many times as large as the limit before they are not even read. */
    private static final int TOO_LARGE = 4;
    /** Frames that bring nothing: so many at once, and so many a second. */
    private static final int NUISANCES = 1000;

    private static final int NUISANCES_A_SECOND = 200;
    private static final long LAST_WORDS_NANOS = 1_000_000_000L;
    /** For the client to close its side. */
    private static final long FAREWELL_NANOS = 3_000_000_000L;

    private final SocketEngine engine;
    private final Connection wire;
    final ReentrantLock lock = new ReentrantLock();
    final Http2Output out;
    private final HeaderTable table = new HeaderTable();
    private final Bytes block = new Bytes(256);
    private final Map<Integer, Http2Stream> streams = new HashMap<>();
    private int handlers;
    private int lastStream;
    private int uncredited;
    private int announcedLast = -1;
    private boolean ending;
    private long endingSince;
    private long quietSince = System.nanoTime();
    private double nuisances = NUISANCES;
    private long calmSince = System.nanoTime();

    Http2(SocketEngine engine, Connection wire) {
        this.engine = engine;
        this.wire = wire;
        out = new Http2Output(engine, wire, lock, this::gone);
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
            if (wire.startsWith(preface, within())) {
                wire.start += preface.length;
                readFrames();
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

    private long within() {
        return System.nanoTime() + engine.readNanos();
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
        settings(payload, 0, payload.length);
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

    // ---- frames
    // ------------------------------------------------------------------------------------------------------

    private void readFrames() throws IOException {
        boolean first = true;
        while (wire.awaitFrame()) {
            long until = within();
            int length = readFrame(until, first);
            if (length < 0) {
                return;
            }
            first = false;
            wire.start += length;
        }
    }

    /** Reads one whole frame and does what it says; the length of what is to be skipped, or -1 if the input has ended. */
    private int readFrame(long until, boolean first) throws IOException {
        if (!wire.has(FRAME_HEADER, until)) {
            return -1;
        }
        int length = int24(0);
        int type = wire.bytes[wire.start + 3] & 0xff;
        int flags = wire.bytes[wire.start + 4] & 0xff;
        int stream = int32(wire.start + 5) & Integer.MAX_VALUE;
        if (length > MAX_FRAME) {
            throw new Http2Error(Http2Error.FRAME_SIZE, "a frame of " + length + " bytes");
        }
        if (first && (type != SETTINGS || (flags & ACK) != 0)) {
            throw protocol("the first frame is not the client's settings");
        }
        if (!wire.has(FRAME_HEADER + length, until)) {
            return -1;
        }
        wire.start += FRAME_HEADER;
        if (type == HEADERS) {
            return headers(stream, flags, length, until);
        }
        lock.lock();
        try {
            frame(type, flags, stream, length);
        } finally {
            lock.unlock();
        }
        return length;
    }

    private int int24(int at) {
        return int32(wire.start + at) >>> 8;
    }

    private int int32(int at) {
        var bytes = wire.bytes;
        return bytes[at] << 24 | (bytes[at + 1] & 0xff) << 16 | (bytes[at + 2] & 0xff) << 8 | (bytes[at + 3] & 0xff);
    }

    private static Http2Error protocol(String what) {
        return new Http2Error(Http2Error.PROTOCOL, what);
    }

    private static void require(boolean rightSize, String frame) throws Http2Error {
        if (!rightSize) {
            throw new Http2Error(Http2Error.FRAME_SIZE, "a frame " + frame + " of the wrong size");
        }
    }

    /** Frames that only cost: a client that sends very many of them is sent away. */
    private void nuisance() throws Http2Error {
        long now = System.nanoTime();
        nuisances = Math.min(NUISANCES, nuisances + (now - calmSince) * NUISANCES_A_SECOND / 1e9) - 1;
        calmSince = now;
        if (nuisances < 0 || out.isCongested()) {
            throw new Http2Error(Http2Error.ENHANCE_YOUR_CALM, "too many frames that bring nothing");
        }
    }

    private void frame(int type, int flags, int stream, int length) throws Http2Error {
        switch (type) {
            case DATA -> data(stream, flags, length);
            case PRIORITY -> {
                require(length == 5, "PRIORITY");
                mustBeStream(stream != 0);
                nuisance();
            }
            case RST_STREAM -> {
                require(length == 4, "RST_STREAM");
                mustBeStream(stream != 0 && stream <= lastStream);
                nuisance();
                var known = streams.get(stream);
                if (known != null) {
                    known.cancel();
                    out.changed.signalAll();
                }
            }
            case SETTINGS -> {
                mustBeStream(stream == 0);
                require((flags & ACK) == 0 ? length % 6 == 0 : length == 0, "SETTINGS");
                if ((flags & ACK) == 0) {
                    nuisance();
                    settings(wire.bytes, wire.start, length);
                    out.frame(0, SETTINGS, ACK, 0);
                    out.flush();
                }
            }
            case PING -> {
                mustBeStream(stream == 0);
                require(length == 8, "PING");
                if ((flags & ACK) == 0) {
                    nuisance();
                    out.frame(8, PING, ACK, 0);
                    out.bytes().add(wire.bytes, wire.start, 8);
                    out.flush();
                }
            }
            case GOAWAY -> {
                mustBeStream(stream == 0);
                require(length >= 8, "GOAWAY");
                end();
            }
            case WINDOW_UPDATE -> {
                require(length == 4, "WINDOW_UPDATE");
                windowUpdate(stream, int32(wire.start) & Integer.MAX_VALUE);
            }
            case PUSH_PROMISE, CONTINUATION -> throw protocol("a frame of type " + type + " out of place");
            // What isn't known is ignored (section 4.1).
            default -> nuisance();
        }
    }

    private static void mustBeStream(boolean right) throws Http2Error {
        if (!right) {
            throw protocol("a frame on the wrong stream");
        }
    }

    private void settings(byte[] from, int begin, int length) throws Http2Error {
        for (int at = begin; at < begin + length; at += 6) {
            int id = (from[at] & 0xff) << 8 | (from[at + 1] & 0xff);
            long value = (from[at + 2] & 0xffL) << 24
                    | (from[at + 3] & 0xff) << 16
                    | (from[at + 4] & 0xff) << 8
                    | (from[at + 5] & 0xff);
            if (id == 2 && value > 1) {
                throw protocol("SETTINGS_ENABLE_PUSH is " + value);
            } else if (id == 4) {
                initialWindow(value);
            } else if (id == 5 && (value < MAX_FRAME || value >= 1 << 24)) {
                throw protocol("SETTINGS_MAX_FRAME_SIZE is " + value);
            }
        }
    }

    private void initialWindow(long size) throws Http2Error {
        if (size > Integer.MAX_VALUE) {
            throw new Http2Error(Http2Error.FLOW_CONTROL, "SETTINGS_INITIAL_WINDOW_SIZE is " + size);
        }
        long difference = size - out.initialWindow();
        out.initialWindow((int) size);
        for (var stream : streams.values()) {
            if (!stream.widen(difference)) {
                throw new Http2Error(Http2Error.FLOW_CONTROL, "a window of more than 2^31-1 bytes");
            }
        }
        out.changed.signalAll();
    }

    private void windowUpdate(int id, int increment) throws Http2Error {
        mustBeStream(id <= lastStream);
        var stream = streams.get(id);
        if (id == 0) {
            if (increment == 0) {
                throw protocol("a window is widened by nothing");
            }
            if (!out.widen(increment)) {
                throw new Http2Error(Http2Error.FLOW_CONTROL, "a window of more than 2^31-1 bytes");
            }
        } else if (stream != null && (increment == 0 || !stream.widen(increment))) {
            nuisance();
            stream.fail(increment == 0 ? Http2Error.PROTOCOL : Http2Error.FLOW_CONTROL);
        }
        out.changed.signalAll();
    }

    private void data(int id, int flags, int length) throws Http2Error {
        mustBeStream(id != 0 && id <= lastStream);
        int padding = padding(flags, length);
        int skipped = (flags & PADDED) == 0 ? 0 : 1;
        uncredited += length;
        if (uncredited > WINDOW) {
            throw new Http2Error(Http2Error.FLOW_CONTROL, "more than the connection's window was sent");
        }
        if (uncredited >= CREDIT) {
            credit(0, uncredited);
            uncredited = 0;
        }
        boolean last = (flags & END_STREAM) != 0;
        int count = length - padding - skipped;
        if (count == 0 && !last) {
            nuisance();
        }
        var stream = streams.get(id);
        if (stream != null) {
            stream.receive(wire.bytes, wire.start + skipped, count, length, last);
            out.changed.signalAll();
        } else if (length == 0) {
            nuisance();
        }
    }

    /** The length of the padding at a frame's end. */
    private int padding(int flags, int length) throws Http2Error {
        if ((flags & PADDED) == 0) {
            return 0;
        }
        require(length > 0, "with padding");
        int padding = wire.bytes[wire.start] & 0xff;
        if (padding >= length) {
            throw protocol("the padding is longer than its frame");
        }
        return padding;
    }

    /** Gathers the headers of a request, or its trailers; the length of what is to be skipped. */
    private int headers(int id, int flags, int length, long until) throws IOException {
        mustBeStream((id & 1) == 1);
        int padding = padding(flags, length);
        int skipped = ((flags & PADDED) == 0 ? 0 : 1) + ((flags & WITH_PRIORITY) == 0 ? 0 : 5);
        require(skipped + padding <= length, "HEADERS");
        block.clear().add(wire.bytes, wire.start + skipped, length - skipped - padding);
        int rest = length;
        for (boolean whole = (flags & END_HEADERS) != 0; !whole; ) {
            wire.start += rest;
            if (!wire.has(FRAME_HEADER, until)) {
                return -1;
            }
            rest = int24(0);
            int more = wire.bytes[wire.start + 4];
            if (wire.bytes[wire.start + 3] != CONTINUATION || (int32(wire.start + 5) & Integer.MAX_VALUE) != id) {
                throw protocol("headers are not continued");
            }
            require(rest <= MAX_FRAME, "CONTINUATION");
            if (!wire.has(FRAME_HEADER + rest, until)) {
                return -1;
            }
            wire.start += FRAME_HEADER;
            block.add(wire.bytes, wire.start, rest);
            whole = (more & END_HEADERS) != 0;
            nuisance();
            if (block.size > TOO_LARGE * engine.maxHeaderBytes()) {
                throw new Http2Error(Http2Error.ENHANCE_YOUR_CALM, "headers without end");
            }
        }
        lock.lock();
        try {
            begin(id, (flags & END_STREAM) != 0);
        } finally {
            lock.unlock();
        }
        return rest;
    }

    private void begin(int id, boolean complete) throws Http2Error {
        var head = new Http2Head(engine.maxHeaderBytes(), engine.bounds());
        table.read(block.array, 0, block.size, head);
        var known = streams.get(id);
        if (known != null) {
            known.trailers(complete && head.isTrailers());
            out.changed.signalAll();
            return;
        }
        if (id <= lastStream) {
            // The end of a stream that was reset from here, and the client may not know it yet.
            nuisance();
            return;
        }
        lastStream = id;
        if (ending || handlers == MAX_STREAMS) {
            nuisance();
            reset(id, Http2Error.REFUSED_STREAM);
            return;
        }
        open(id, head, head.judge(complete), complete);
    }
}
