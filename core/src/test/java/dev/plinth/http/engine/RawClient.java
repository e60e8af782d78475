package dev.plinth.http.engine;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A client that sends what it is told to, byte by byte, and reads answers strictly. No read waits for ever. */
final class RawClient implements AutoCloseable {
    private static final int BOUND_MILLIS = 10_000;

    record Answer(int status, String reason, Map<String, String> headers, String body) {
        String header(String lowerCaseName) {
            return headers.get(lowerCaseName);
        }
    }

    private final Socket socket;
    private final InputStream in;

    RawClient(Engine engine) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), engine.port());
        socket.setSoTimeout(BOUND_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Sends without waiting, since the server may answer and close before it has read all. */
    void sendInBackground(byte[] bytes) {
        Thread.ofVirtual().start(() -> {
            try {
                send(bytes);
            } catch (IOException closed) {
                // Seen by the reader.
            }
        });
    }

    RawClient get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    /** Closes while the test goes on. */
    void leave() throws IOException {
        socket.close();
    }

    RawClient halfClose() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** The next answer, to a request that was not HEAD. */
    Answer answer() throws IOException {
        return answer(false);
    }

    Answer answer(boolean toHead) throws IOException {
        return answer(line(), toHead);
    }

    /** The rest of an answer whose status line, with its CRLF, was read before. */
    Answer answerAfter(String statusLine) throws IOException {
        return answer(statusLine.strip(), false);
    }

    private Answer answer(String line, boolean toHead) throws IOException {
        if (!line.startsWith("HTTP/1.1 ")) {
            throw new IOException("no status line: " + line);
        }
        int status = Integer.parseInt(line.substring(9, 12));
        var headers = new LinkedHashMap<String, String>();
        for (var header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(": ");
            var name = header.substring(0, colon).toLowerCase(Locale.ROOT);
            headers.merge(name, header.substring(colon + 2), (one, two) -> one + ", " + two);
        }
        boolean bodiless = toHead || status < 200 || status == 204 || status == 304;
        return new Answer(status, line.substring(13), headers, bodiless ? "" : body(headers));
    }

    private String body(Map<String, String> headers) throws IOException {
        var to = new ByteArrayOutputStream();
        if ("chunked".equals(headers.get("transfer-encoding"))) {
            for (int size; (size = Integer.parseInt(line(), 16)) > 0; ) {
                to.write(in.readNBytes(size));
                if (!line().isEmpty()) {
                    throw new IOException("a chunk does not end in CRLF");
                }
            }
            if (!line().isEmpty()) {
                throw new IOException("trailers were sent");
            }
        } else if (headers.containsKey("content-length")) {
            int length = Integer.parseInt(headers.get("content-length"));
            to.write(in.readNBytes(length));
            if (to.size() < length) {
                throw new EOFException("the body is cut short");
            }
        } else {
            to.write(in.readAllBytes());
        }
        return to.toString(StandardCharsets.ISO_8859_1);
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int octet = in.read(); octet != '\r'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("the server closed after '" + line + "'");
            }
            line.append((char) octet);
        }
        if (in.read() != '\n') {
            throw new IOException("a line does not end in CRLF: " + line);
        }
        return line.toString();
    }

    /** Whether the server has closed its side, waiting for that; false if it sends more. */
    boolean closed() throws IOException {
        return in.read() < 0;
    }

    /** Whether the server says nothing for that long. */
    boolean isSilent(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        try {
            in.mark(1);
            in.read();
            in.reset();
            return false;
        } catch (SocketTimeoutException silent) {
            return true;
        } finally {
            socket.setSoTimeout(BOUND_MILLIS);
        }
    }

    /** Whether the server keeps it open and says nothing: it answers one more request. */
    boolean kept() throws IOException {
        try {
            return get("/hello").answer().status() == 200;
        } catch (EOFException closed) {
            return false;
        }
    }

    /** The bytes that come next, as they are. */
    byte[] bytes(int count) throws IOException {
        var bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("the server closed after " + bytes.length + " of " + count + " bytes");
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        leave();
    }
}
