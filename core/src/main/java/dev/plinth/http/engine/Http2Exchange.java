package dev.plinth.http.engine;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.http2.Http2ErrorCode;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** An exchange over a stream of HTTP/2. */
final class Http2Exchange implements Exchange {
    private final Http2Session session;
    private final RoutingRequest request;
    private final RoutingResponse response;
    private final String method;
    private final long length;
    private final Http2Body body;
    private boolean answered;
    private @Nullable Stream stream;

    Http2Exchange(SocketEngine engine, Http2Session session, RoutingRequest request, RoutingResponse response) {
        this.session = session;
        this.request = request;
        this.response = response;
        method = request.prologue().method().text();
        boolean hasBody = request.content().hasEntity();
        length = hasBody ? request.headers().contentLength().orElse(-1) : 0;
        body = new Http2Body(engine, hasBody ? request.content().inputStream() : InputStream.nullInputStream(), length);
    }

    /** Refuses what HTTP/1 would refuse too. */
    void checkTarget() throws Refused {
        var path = path();
        if (path.equals("*") && method.equals("OPTIONS")) {
            return;
        }
        if (!path.startsWith("/") || !Ascii.isPath(path)) {
            throw Refused.malformed("the path is malformed");
        }
    }

    void refuse(Refused refused) {
        responseHeader("Content-Type", "application/problem+json");
        send(refused.status(), refused.json());
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return request.prologue().uriPath().rawPath();
    }

    @Override
    public String query() {
        return request.prologue().query().rawValue();
    }

    @Override
    public @Nullable String header(String lowerCaseName) {
        var values = headers(lowerCaseName);
        return values.isEmpty() ? null : values.getFirst();
    }

    /** Cookies come one by one on HTTP/2 and are joined (RFC 9113, section 8.2.3). */
    @Override
    public List<String> headers(String lowerCaseName) {
        var name = HeaderNames.createFromLowercase(lowerCaseName);
        if (!request.headers().contains(name)) {
            return List.of();
        }
        var values = request.headers().get(name).allValues();
        return lowerCaseName.equals("cookie") ? List.of(String.join("; ", values)) : values;
    }

    @Override
    public void eachHeader(BiConsumer<String, String> to) {
        for (var header : request.headers()) {
            var name = header.headerName().lowerCase();
            for (var value : headers(name)) {
                to.accept(name, value);
            }
        }
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
        body.timeLimit(limit.toNanos());
    }

    @Override
    public InetSocketAddress peer() {
        return session.wire().peer();
    }

    @Override
    public boolean secure() {
        return false;
    }

    @Override
    public void responseHeader(String name, String value) {
        ResponseHeaders.check(name, value);
        response.headers().add(HeaderValues.create(name, value));
    }

    @Override
    public void closeConnection() {
        session.discourage();
    }

    @Override
    public boolean answered() {
        return answered;
    }

    @Override
    public void send(int status, byte[] content) {
        begin(status);
        try {
            if (Status.hasNoBody(status)) {
                sendBodiless();
            } else if (method.equals("HEAD")) {
                response.header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, content.length));
                response.send();
            } else {
                response.send(content);
            }
        } catch (RuntimeException gone) {
            throw new UncheckedIOException("the answer could not be sent", new IOException(gone));
        }
    }

    /** Helidon adds a length of 0, which would be a lie for HEAD and 304, and is forbidden for 204. */
    private void sendBodiless() {
        response.beforeSend(() -> response.headers().remove(HeaderNames.CONTENT_LENGTH));
        response.send();
    }

    @Override
    public OutputStream stream(int status) {
        begin(status);
        var begun = new Stream(method.equals("HEAD") || Status.hasNoBody(status));
        stream = begun;
        return begun;
    }

    private void begin(int status) {
        Status.check(status);
        if (answered) {
            throw new IllegalStateException("the exchange has been answered. Answer it once.");
        }
        answered = true;
        Thread.interrupted();
        response.status(io.helidon.http.Status.create(status));
    }

    /** Called when the handler has returned. */
    void finish() {
        boolean bodyRead = body.skipRest();
        if (!bodyRead) {
            body.abandon();
        }
        if (!answered) {
            refuse(Refused.unanswered());
        }
        if (stream != null && !stream.closed) {
            throw Http2Session.reset(Http2ErrorCode.INTERNAL);
        }
        if (!bodyRead) {
            // What the client still sends would fill the window that all streams share.
            session.end();
            throw Http2Session.reset(Http2ErrorCode.NO_ERROR);
        }
    }

    void expire(long now, ReentrantLock writing) {
        body.expire(now, writing);
    }

    void interrupt() {
        body.interrupt();
    }

    private final class Stream extends OutputStream {
        private final byte[] waiting = new byte[8 * 1024];
        private final boolean bodiless;
        private int size;
        private @Nullable OutputStream out;
        private boolean closed;

        Stream(boolean bodiless) {
            this.bodiless = bodiless;
        }

        @Override
        public void write(int octet) throws IOException {
            if (size == waiting.length) {
                flush();
            }
            waiting[size++] = (byte) octet;
        }

        @Override
        public void write(byte[] from, int offset, int count) throws IOException {
            Objects.checkFromIndexSize(offset, count, from.length);
            int at = offset;
            int rest = count;
            while (rest > 0) {
                if (size == waiting.length) {
                    flush();
                }
                int n = Math.min(rest, waiting.length - size);
                System.arraycopy(from, at, waiting, size, n);
                size += n;
                at += n;
                rest -= n;
            }
        }

        @Override
        public void flush() throws IOException {
            if (closed) {
                throw new IOException("the stream is closed");
            }
            try {
                if (!bodiless) {
                    var to = opened();
                    to.write(waiting, 0, size);
                    to.flush();
                }
                size = 0;
            } catch (RuntimeException gone) {
                throw new IOException("the answer could not be sent", gone);
            }
        }

        private OutputStream opened() {
            if (out == null) {
                out = response.outputStream();
            }
            return out;
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            try {
                if (bodiless) {
                    sendBodiless();
                } else {
                    if (size > 0) {
                        opened().write(waiting, 0, size);
                    }
                    opened();
                    response.commit();
                }
            } catch (RuntimeException gone) {
                throw new IOException("the answer could not be sent", gone);
            }
            closed = true;
        }
    }
}
