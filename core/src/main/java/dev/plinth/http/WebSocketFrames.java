package dev.plinth.http;

import dev.plinth.http.engine.Tunnel;
import dev.plinth.time.Time;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends over a WebSocket (RFC 6455, section 5): reads frames, judges each, and joins those of one message.
 * Memory grows with what has come, not with what was announced. Used by the reading thread.
 */
final class WebSocketFrames {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int FIN = 0x80;
    private static final int RESERVED = 0x70;
    private static final int MASKED = 0x80;
    private static final int MOST_OF_CONTROL = 125;
    /** How much is read at one time. */
    private static final int PIECE = 8 * 1024;
    /** Frames that bring nothing: so many at once, and so many a second. */
    private static final int NUISANCES = 1000;

    private static final int NUISANCES_A_SECOND = 200;

    /** What a client says. */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, and never compared
    sealed interface Incoming {
        /** A whole message, of valid UTF-8 where it is text. */
        record Message(boolean text, byte[] bytes) implements Incoming {}

        /** It asks whether somebody is there. */
        record Ping(byte[] payload) implements Incoming {}

        /** It is there. */
        record Pong() implements Incoming {}

        /** It will say nothing more. */
        record Close(int code, String reason) implements Incoming {}
    }

    private final Tunnel in;
    private final long maxMessage;
    private final Time time;
    private final byte[] header = new byte[8];
    private final byte[] mask = new byte[4];
    /** The message that is on its way: its opcode, 0 where there is none, and what has come of it. */
    private int kind;

    private byte[] message = new byte[0];
    private int size;
    private double nuisances = NUISANCES;
    private long calmSince;
    private volatile long heardAt;

    WebSocketFrames(Tunnel in, long maxMessage, Time time) {
        this.in = in;
        this.maxMessage = Math.min(maxMessage, Integer.MAX_VALUE - 8);
        this.time = time;
        calmSince = time.nanos();
        heardAt = calmSince;
    }

    /** When anything came, by the monotonic clock. For any thread. */
    long heardAt() {
        return heardAt;
    }

    /**
     * The next; null if the connection ends without a close.
     *
     * @throws WebSocketError if the client breaks a rule
     */
    @Nullable
    Incoming next() throws IOException {
        while (in.await()) {
            try {
                var whole = frame();
                if (whole != null) {
                    return whole;
                }
            } catch (SocketTimeoutException tooSlow) {
                throw new WebSocketError(WebSocketError.POLICY, "a frame came too slowly");
            }
        }
        return null;
    }

    private void read(byte[] to, int offset, int length) throws IOException {
        in.read(to, offset, length);
        heardAt = time.nanos();
    }

    /** Reads one; null where more of its message is to come. */
    private @Nullable Incoming frame() throws IOException {
        read(header, 0, 2);
        boolean last = (header[0] & FIN) != 0;
        int opcode = header[0] & 0xf;
        if ((header[0] & RESERVED) != 0) {
            throw WebSocketError.protocol("a reserved bit is set");
        }
        if ((header[1] & MASKED) == 0) {
            throw WebSocketError.protocol("a frame is not masked");
        }
        int length = header[1] & 0x7f;
        return switch (opcode) {
            case CONTINUATION, TEXT, BINARY -> data(opcode, last, length(length));
            case CLOSE, PING, PONG -> {
                if (!last || length > MOST_OF_CONTROL) {
                    throw WebSocketError.protocol("a control frame is fragmented or too long");
                }
                yield control(opcode, length);
            }
            default -> throw WebSocketError.protocol("opcode " + opcode + " is reserved");
        };
    }

    private long length(int first) throws IOException {
        if (first < 126) {
            return first;
        }
        int count = first == 126 ? 2 : 8;
        read(header, 0, count);
        long length = 0;
        for (int i = 0; i < count; i++) {
            length = length << 8 | (header[i] & 0xff);
        }
        if (length < 0 || length < (count == 2 ? 126 : 1 << 16)) {
            throw WebSocketError.protocol("the length of a frame is not in its shortest form");
        }
        return length;
    }

    private @Nullable Incoming data(int opcode, boolean last, long length) throws IOException {
        if (opcode == CONTINUATION ? kind == 0 : kind != 0) {
            throw WebSocketError.protocol(
                    opcode == CONTINUATION ? "nothing is there to be continued" : "a message begins inside another");
        }
        if (opcode != CONTINUATION) {
            kind = opcode;
        }
        if (length > maxMessage - size) {
            throw new WebSocketError(WebSocketError.TOO_LARGE, "a message has more than " + maxMessage + " bytes");
        }
        if (length == 0) {
            nuisance();
        }
        read(mask, 0, 4);
        for (int left = (int) length; left > 0; ) {
            int n = Math.min(left, PIECE);
            if (message.length - size < n) {
                message = Arrays.copyOf(message, (int) Math.min(maxMessage, Math.max(size + n, 2L * message.length)));
            }
            read(message, size, n);
            unmask(message, size, n, (int) length - left);
            size += n;
            left -= n;
        }
        if (!last) {
            return null;
        }
        boolean text = kind == TEXT;
        var whole = message.length == size ? message : Arrays.copyOf(message, size);
        kind = 0;
        size = 0;
        message = new byte[0];
        if (text && !isUtf8(whole)) {
            throw new WebSocketError(WebSocketError.BAD_DATA, "a text is not UTF-8");
        }
        return new Incoming.Message(text, whole);
    }

    private Incoming control(int opcode, int length) throws IOException {
        nuisance();
        read(mask, 0, 4);
        var payload = new byte[length];
        read(payload, 0, length);
        unmask(payload, 0, length, 0);
        return switch (opcode) {
            case PING -> new Incoming.Ping(payload);
            case PONG -> new Incoming.Pong();
            default -> close(payload);
        };
    }

    private static Incoming close(byte[] payload) throws WebSocketError {
        if (payload.length == 0) {
            return new Incoming.Close(WebSocket.NO_CODE, "");
        }
        int code = payload.length == 1 ? 0 : (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
        if (!WebSocket.isCode(code)) {
            throw WebSocketError.protocol("a close has no code that may be sent");
        }
        var reason = Arrays.copyOfRange(payload, 2, payload.length);
        if (!isUtf8(reason)) {
            throw new WebSocketError(WebSocketError.BAD_DATA, "the reason of a close is not UTF-8");
        }
        return new Incoming.Close(code, new String(reason, StandardCharsets.UTF_8));
    }

    private void unmask(byte[] bytes, int offset, int length, int done) {
        for (int i = 0; i < length; i++) {
            bytes[offset + i] ^= mask[(done + i) & 3];
        }
    }

    /** Without making a text of it, which most messages never become. */
    private static boolean isUtf8(byte[] bytes) {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        var from = ByteBuffer.wrap(bytes);
        var thrownAway = CharBuffer.allocate(Math.max(2, Math.min(bytes.length, 1024)));
        while (true) {
            var result = decoder.decode(from, thrownAway.clear(), true);
            if (result.isError()) {
                return false;
            }
            if (result.isUnderflow()) {
                return true;
            }
        }
    }

    /** A client that sends very many frames that only cost is sent away. */
    private void nuisance() throws WebSocketError {
        long now = time.nanos();
        nuisances = Math.min(NUISANCES, nuisances + (now - calmSince) * NUISANCES_A_SECOND / 1e9) - 1;
        calmSince = now;
        if (nuisances < 0) {
            throw new WebSocketError(WebSocketError.POLICY, "too many frames that bring nothing");
        }
    }
}
