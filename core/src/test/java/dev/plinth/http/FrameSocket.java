package dev.plinth.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A client of WebSockets that sends what it is told to, frame by frame, right or wrong. No read waits for ever. */
final class FrameSocket implements AutoCloseable {
    static final int FIN = 0x80;

    @SuppressWarnings("ArrayRecordComponent") // Nobody compares frames.
    record Frame(int first, byte[] payload) {
        int opcode() {
            return first & 0xf;
        }

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** Of a close: code and reason. */
        String close() {
            return payload.length == 0
                    ? ""
                    : ((payload[0] & 0xff) << 8 | (payload[1] & 0xff)) + " "
                            + new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        }
    }

    final Socket socket;
    private final DataInputStream in;
    final String head;

    FrameSocket(int port, String path, String... headers) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        raw(("GET " + path + " HTTP/1.1\r\nHost: localhost:" + port
                        + "\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + String.join("", headers) + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        head = readHead();
    }

    private String readHead() throws IOException {
        var read = new ByteArrayOutputStream();
        while (!read.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            read.write(in.readUnsignedByte());
        }
        return read.toString(StandardCharsets.ISO_8859_1);
    }

    FrameSocket raw(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    FrameSocket text(String text) throws IOException {
        return frame(FIN | 1, text.getBytes(StandardCharsets.UTF_8));
    }

    FrameSocket close(int code, String reason) throws IOException {
        var payload = new ByteArrayOutputStream();
        payload.write(code >> 8);
        payload.write(code);
        payload.writeBytes(reason.getBytes(StandardCharsets.UTF_8));
        return frame(FIN | 8, payload.toByteArray());
    }

    /** Sends a masked frame whose length is in its shortest form. */
    FrameSocket frame(int first, byte... payload) throws IOException {
        return raw(bytes(first, payload));
    }

    static byte[] bytes(int first, byte... payload) {
        var frame = new ByteArrayOutputStream();
        frame.write(first);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else if (payload.length < 1 << 16) {
            frame.write(0x80 | 126);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
        } else {
            frame.write(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                frame.write((int) ((long) payload.length >> shift));
            }
        }
        byte[] mask = {0x37, (byte) 0xfa, 0x21, 0x3d};
        frame.writeBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.write(payload[i] ^ mask[i & 3]);
        }
        return frame.toByteArray();
    }

    /** The next frame of the server, which is never masked. */
    Frame next() throws IOException {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = Math.toIntExact(in.readLong());
        }
        if (length < 0 || (first & 0x70) != 0) {
            throw new IOException("not a frame of a server");
        }
        var payload = new byte[length];
        in.readFully(payload);
        return new Frame(first, payload);
    }

    /** The close that comes next, after whatever else; "cut" where the connection ends without one. */
    String closed() throws IOException {
        try {
            while (true) {
                var frame = next();
                if (frame.opcode() == 8) {
                    return frame.close();
                }
            }
        } catch (EOFException | SocketException cut) {
            return "cut";
        }
    }

    /** Whether the server ends the connection now, and sends nothing more. */
    boolean ended() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException cut) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
