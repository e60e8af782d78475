package dev.plinth.http.engine;

import static dev.plinth.http.engine.Http2.ACK;
import static dev.plinth.http.engine.Http2.CONTINUATION;
import static dev.plinth.http.engine.Http2.DATA;
import static dev.plinth.http.engine.Http2.END_HEADERS;
import static dev.plinth.http.engine.Http2.END_STREAM;
import static dev.plinth.http.engine.Http2.GOAWAY;
import static dev.plinth.http.engine.Http2.HEADERS;
import static dev.plinth.http.engine.Http2.RST_STREAM;
import static dev.plinth.http.engine.Http2.SETTINGS;
import static dev.plinth.http.engine.Http2.WINDOW_UPDATE;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What comes in on a connection of HTTP/2: reads frame by frame, judges each by RFC 9113, and tells {@link Http2} and its
 * streams. Used by the connection's thread.
 */
final class Http2Input {
    private static final int PRIORITY = 2;
    private static final int PUSH_PROMISE = 5;
    private static final int PING = 6;
    private static final int PADDED = 0x8;
    private static final int WITH_PRIORITY = 0x20;
    private static final int FRAME_HEADER = 9;
    private static final int CREDIT = Http2.WINDOW / 2;
    /** Compressed headers may be that many times as large as the limit before they are not even read. */
    private static final int TOO_LARGE = 4;
    /** Frames that bring nothing: so many at once, and so many a second. */
    private static final int NUISANCES = 1000;

    private static final int NUISANCES_A_SECOND = 200;

    private final Http2 http2;
    private final SocketEngine engine;
    private final Connection wire;
    private final ReentrantLock lock;
    private final Http2Output out;
    private final HeaderTable table = new HeaderTable();
    private final Bytes block = new Bytes(256);
    private int uncredited;
    private double nuisances = NUISANCES;
    private long calmSince = System.nanoTime();

    Http2Input(Http2 http2) {
        this.http2 = http2;
        this.engine = http2.engine();
        this.wire = http2.wire();
        this.lock = http2.lock;
        this.out = http2.out;
    }

    private long within() {
        return System.nanoTime() + engine.readNanos();
    }

    /** Reads frames, and does what they say, until the input ends. */
    void readFrames() throws IOException {
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
        if (length > Http2.MAX_FRAME) {
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
                mustBeStream(stream != 0 && stream <= http2.lastStream());
                nuisance();
                var known = http2.stream(stream);
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
                http2.end();
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

    /** Takes the client's settings. Under the lock. */
    void settings(byte[] from, int begin, int length) throws Http2Error {
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
            } else if (id == 5 && (value < Http2.MAX_FRAME || value >= 1 << 24)) {
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
        for (var stream : http2.streams()) {
            if (!stream.widen(difference)) {
                throw new Http2Error(Http2Error.FLOW_CONTROL, "a window of more than 2^31-1 bytes");
            }
        }
        out.changed.signalAll();
    }

    private void windowUpdate(int id, int increment) throws Http2Error {
        mustBeStream(id <= http2.lastStream());
        var stream = http2.stream(id);
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
        mustBeStream(id != 0 && id <= http2.lastStream());
        int padding = padding(flags, length);
        int skipped = (flags & PADDED) == 0 ? 0 : 1;
        uncredited += length;
        if (uncredited > Http2.WINDOW) {
            throw new Http2Error(Http2Error.FLOW_CONTROL, "more than the connection's window was sent");
        }
        if (uncredited >= CREDIT) {
            http2.credit(0, uncredited);
            uncredited = 0;
        }
        boolean last = (flags & END_STREAM) != 0;
        int count = length - padding - skipped;
        if (count == 0 && !last) {
            nuisance();
        }
        var stream = http2.stream(id);
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
            require(rest <= Http2.MAX_FRAME, "CONTINUATION");
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
        var known = http2.stream(id);
        if (known != null) {
            known.trailers(complete && head.isTrailers());
            out.changed.signalAll();
            return;
        }
        if (id <= http2.lastStream()) {
            // The end of a stream that was reset from here, and the client may not know it yet.
            nuisance();
            return;
        }
        if (!http2.opened(id, head, complete)) {
            nuisance();
        }
    }
}
