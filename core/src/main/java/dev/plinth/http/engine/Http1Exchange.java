package dev.plinth.http.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** An exchange over HTTP/1.1 or HTTP/1.0; the latter's connection is always closed behind it. */
final class Http1Exchange implements Exchange {
    private static final byte[] OK = Ascii.bytes("HTTP/1.1 200 OK\r\n");
    private static final byte[] VERSION = Ascii.bytes("HTTP/1.1 ");
    private static final byte[] LENGTH = Ascii.bytes("Content-Length: ");
    private static final byte[] CHUNKED = Ascii.bytes("Transfer-Encoding: chunked\r\n");
    private static final byte[] CLOSE = Ascii.bytes("Connection: close\r\n");
    private static final byte[] END_OF_CHUNKS = Ascii.bytes("0\r\n\r\n");
    private static final int COPIED_BODY = 16 * 1024;

    private final Http1 connection;
    private final RequestHead head;
    private final RequestBody body;
    private final long length;
    private final boolean isHead;
    private boolean close;
    private boolean answered;
    private boolean upgraded;
    private boolean hadTurn;
    private @Nullable Stream stream;

    Http1Exchange(Http1 connection, RequestHead head, RequestBody body, long length) {
        this.connection = connection;
        this.head = head;
        this.body = body;
        this.length = length;
        isHead = head.method().equals("HEAD");
        close = head.http10() || head.hasToken("connection", "close");
    }

    @Override
    public String method() {
        return head.method();
    }

    @Override
    public String path() {
        return head.path();
    }

    @Override
    public String query() {
        return head.query();
    }

    @Override
    public @Nullable String header(String lowerCaseName) {
        return head.header(lowerCaseName);
    }

    @Override
    public List<String> headers(String lowerCaseName) {
        return head.headers(lowerCaseName);
    }

    @Override
    public void eachHeader(BiConsumer<String, String> to) {
        head.eachHeader(to);
    }

    @Override
    public long contentLength() {
        return length;
    }

    @Override
    public InputStream body() {
        return body;
    }

    @Override
    public void timeLimit(Duration limit) {
        connection.wire().timeLimit(limit.toNanos());
    }

    @Override
    public void awaitTurn() {
        hadTurn = true;
        connection.turns().await();
    }

    /** Whether others had their turn before this was answered. */
    boolean hadTurn() {
        return hadTurn;
    }

    @Override
    public InetSocketAddress peer() {
        return connection.wire().peer();
    }

    @Override
    public String peerUser() {
        return connection.wire().user();
    }

    @Override
    public boolean secure() {
        return connection.wire().secure();
    }

    @Override
    public List<X509Certificate> certificates() {
        return connection.wire().certificates();
    }

    @Override
    public void responseHeader(String name, String value) {
        ResponseHeaders.check(name, value);
        connection.headers().add(name).add(':').add(' ').add(value).add('\r').add('\n');
    }

    @Override
    public void closeConnection() {
        close = true;
    }

    @Override
    public boolean asksFor(String protocol) {
        return !head.http10()
                && length == 0
                && head.hasToken("connection", "upgrade")
                && head.hasToken("upgrade", protocol);
    }

    @Override
    public Tunnel upgrade(String protocol) throws IOException {
        begin();
        upgraded = true;
        var headers = connection.headers();
        var out = connection.out().clear();
        out.add("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ")
                .add(protocol)
                .add("\r\n")
                .add(connection.date())
                .add(headers.array, 0, headers.size)
                .add("\r\n");
        connection.wire().write(out);
        return new Tunnel(connection.wire());
    }

    @Override
    public boolean answered() {
        return answered;
    }

    @Override
    public void send(int status, byte[] content) {
        begin(status);
        try {
            sendWhole(status, content, content.length);
        } catch (IOException gone) {
            close = true;
            throw new UncheckedIOException("the answer could not be sent", gone);
        }
    }

    private void sendWhole(int status, byte[] content, int size) throws IOException {
        var out = writeHead(status);
        if (status != 204 && status != 304) {
            out.add(LENGTH).addDecimal(status == 205 ? 0 : size).add('\r').add('\n');
        }
        endHead(out);
        boolean bodiless = isHead || Status.hasNoBody(status);
        if (!bodiless && size <= COPIED_BODY) {
            out.add(content, 0, size);
        }
        connection.wire().write(out);
        if (!bodiless && size > COPIED_BODY) {
            connection.wire().write(content, 0, size);
        }
    }

    @Override
    public OutputStream stream(int status) {
        return stream(status, -1);
    }

    @Override
    public OutputStream stream(int status, long length) {
        begin(status);
        var begun = new Stream(status, length);
        stream = begun;
        return begun;
    }

    private void begin(int status) {
        Status.check(status);
        begin();
    }

    private void begin() {
        if (answered) {
            throw new IllegalStateException("the exchange has been answered. Answer it once.");
        }
        answered = true;
        // An interrupt that was meant for the handler would close the socket at the write.
        Thread.interrupted();
    }

    private Bytes writeHead(int status) {
        var out = connection.out().clear();
        if (status == 200) {
            out.add(OK);
        } else {
            out.add(VERSION)
                    .addDecimal(status)
                    .add(' ')
                    .add(Status.phrase(status))
                    .add('\r')
                    .add('\n');
        }
        close |= connection.closing() || body.spoilsConnection();
        var headers = connection.headers();
        return out.add(connection.date()).add(headers.array, 0, headers.size);
    }

    private void endHead(Bytes out) {
        if (close) {
            out.add(CLOSE);
        }
        out.add('\r').add('\n');
    }

    /**
     * Called when the handler has returned; whether the connection can serve another request.
     *
     * @throws Refused if there is no answer
     */
    boolean finish(long nanos) throws IOException {
        if (!answered) {
            throw Refused.unanswered();
        }
        if (upgraded) {
            return false;
        }
        if (stream != null && !stream.closed()) {
            connection.wire().cut();
            return false;
        }
        if (!close && body.skipRest(nanos)) {
            return true;
        }
        if (!body.ended() || connection.wire().hasMore()) {
            connection.wire().linger();
        }
        return false;
    }

    /** In chunks, or on HTTP/1.0 all up to the end of the connection, or by the length. */
    private final class Stream extends AnswerStream {
        private final int status;
        private final boolean bodiless;
        private boolean begun;

        Stream(int status, long length) {
            super(length, isHead || Status.hasNoBody(status));
            this.status = status;
            bodiless = isHead || Status.hasNoBody(status);
        }

        @Override
        void send(boolean last) throws IOException {
            if (last && !begun && !isHead && length < 0) {
                sendWhole(status, waiting, size);
                return;
            }
            var out = begun ? connection.out().clear() : begin();
            begun = true;
            if (!bodiless && size > 0) {
                if (head.http10() || length >= 0) {
                    out.add(waiting, 0, size);
                } else {
                    out.addHex(size)
                            .add('\r')
                            .add('\n')
                            .add(waiting, 0, size)
                            .add('\r')
                            .add('\n');
                }
            }
            if (last && !bodiless && !head.http10() && length < 0) {
                out.add(END_OF_CHUNKS);
            }
            connection.wire().write(out);
        }

        private Bytes begin() {
            var out = writeHead(status);
            if (length >= 0) {
                out.add(LENGTH).addDecimal(length).add('\r').add('\n');
            } else if (!bodiless && !head.http10()) {
                out.add(CHUNKED);
            }
            endHead(out);
            return out;
        }
    }
}
