package dev.plinth.http.engine;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A client of HTTP/2 that sends the frames that it is told to. No read waits for ever. */
final class FrameClient implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;
    static final int WHOLE = END_STREAM | END_HEADERS;
    static final byte[] PREFACE = Ascii.bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Frame(int type, int flags, int stream, byte[] payload) {
        /** Of RST_STREAM and GOAWAY. */
        int code() {
            int at = type == GOAWAY ? 4 : 0;
            return payload[at + 3];
        }

        boolean isLast() {
            return (flags & END_STREAM) != 0;
        }

        String text() {
            return new String(payload, StandardCharsets.ISO_8859_1);
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final HeaderTable table = new HeaderTable();

    /** Connects and says nothing. */
    FrameClient(Engine engine) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), engine.port());
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    /** Connects, and agrees on nothing special. */
    static FrameClient begin(Engine engine) throws IOException {
        var client = new FrameClient(engine);
        return client.raw(PREFACE).frame(SETTINGS, 0, 0);
    }

    FrameClient raw(byte[] bytes) throws IOException {
        out.write(bytes);
        return this;
    }

    FrameClient frame(int type, int flags, int stream, byte... payload) throws IOException {
        var all = new Bytes(payload.length + 9);
        all.add(payload.length >>> 16).add(payload.length >>> 8).add(payload.length);
        all.add(type).add(flags);
        all.add(stream >>> 24).add(stream >>> 16).add(stream >>> 8).add(stream).add(payload);
        out.write(all.array, 0, all.size);
        return this;
    }

    static byte[] int32(int value) {
        return new byte[] {(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value};
    }

    static byte[] setting(int id, int value) {
        return new Bytes(6).add(0).add(id).add(int32(value)).array;
    }

    /** Names and values, in turn, compressed. */
    static byte[] block(String... namesAndValues) {
        var to = new Bytes(64);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            HeaderTable.write(namesAndValues[i], namesAndValues[i + 1], to);
        }
        return java.util.Arrays.copyOf(to.array, to.size);
    }

    static byte[] request(String method, String path, String... more) {
        var all = new String[8 + more.length];
        System.arraycopy(
                new String[] {":method", method, ":scheme", "http", ":path", path, ":authority", "a"}, 0, all, 0, 8);
        System.arraycopy(more, 0, all, 8, more.length);
        return block(all);
    }

    FrameClient get(int stream, String path) throws IOException {
        return frame(HEADERS, WHOLE, stream, request("GET", path));
    }

    /** The next frame that is neither about settings nor windows. */
    Frame next() throws IOException {
        while (true) {
            var frame = any();
            if (frame.type != SETTINGS && frame.type != WINDOW_UPDATE) {
                return frame;
            }
        }
    }

    Frame any() throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        return new Frame(type, flags, stream, in.readNBytes(length));
    }

    /** The next frame of that type, whatever comes before it. */
    Frame await(int type) throws IOException {
        var frame = any();
        while (frame.type != type) {
            frame = any();
        }
        return frame;
    }

    Map<String, String> headers(Frame frame) throws IOException {
        var headers = new LinkedHashMap<String, String>();
        table.read(frame.payload, 0, frame.payload.length, headers::put);
        return headers;
    }

    /** The status of the answer that comes next. */
    String status() throws IOException {
        return headers(await(HEADERS)).get(":status");
    }

    boolean closed() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    /** Closes while the test goes on. */
    void leave() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        leave();
    }
}
