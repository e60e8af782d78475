package dev.plinth.http.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A stream of HTTP/2: one request, and the thread that answers it. */
final class Http2Stream implements Exchange, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Http2Stream.class);
    private static final long LAST_WORDS_NANOS = 1_000_000_000L;
    private static final int DATE_BEGIN = "Date: ".length();

    private final Http2 connection;
    private final int id;
    private final Http2Head head;
    private final @Nullable Refused refused;
    private final boolean isHead;
    private final Http2Body body;
    private final Bytes headers = new Bytes(256);
    private boolean limited;
    private long limit;
    private boolean answered;

    // ---- guarded by the connection's lock
    private @Nullable Thread thread;
    private long window;
    private boolean cancelled;
    /** Whether the end of the stream was sent. */
    private boolean ended;

    /**
     * One that the client has opened.
     *
     * @param refused what the engine itself answers
     * @param window how much of a body the client takes at first
     * @param complete whether the request has no body
     */
    Http2Stream(Http2 connection, int id, Http2Head head, @Nullable Refused refused, int window, boolean complete) {
        this.connection = connection;
        this.id = id;
        this.head = head;
        this.refused = refused;
        this.window = window;
        isHead = head.method().equals("HEAD");
        body = new Http2Body(connection, this, head.length(), complete);
    }

    int id() {
        return id;
    }

    @Override
    public void run() {
        begin(Thread.currentThread());
        try {
            if (refused != null) {
                refuse(refused);
            } else {
                connection.engine().handler().handle(this);
            }
        } catch (RuntimeException | Error thrown) {
            if (gone()) {
                LOG.debug("{}: the handler of {} threw when it was cancelled", name(), method(), thrown);
            } else {
                LOG.error("{}: the handler of {} threw", name(), method(), thrown);
            }
        } finally {
            Thread.interrupted();
            finish();
        }
    }

    private void begin(Thread current) {
        connection.lock.lock();
        try {
            thread = current;
            if (cancelled) {
                current.interrupt();
            }
        } finally {
            connection.lock.unlock();
        }
    }

    /** Completes what the handler has left open, and tells the client what is incomplete. */
    private void finish() {
        try {
            if (!answered) {
                refuse(Refused.unanswered());
            }
        } catch (RuntimeException gone) {
            LOG.debug("{}: {}", name(), gone.toString());
        }
        connection.lock.lock();
        try {
            thread = null;
            if (!cancelled) {
                if (!ended) {
                    connection.reset(id, Http2Error.INTERNAL);
                } else if (refused != null) {
                    connection.reset(id, Http2Error.PROTOCOL);
                } else if (!body.complete()) {
                    connection.reset(id, Http2Error.NO_ERROR);
                }
            }
            cancelled = true;
            connection.finished(this);
        } finally {
            connection.lock.unlock();
        }
    }

    private String name() {
        return connection.engine().name();
    }

    @Override
    public boolean gone() {
        connection.lock.lock();
        try {
            return cancelled;
        } finally {
            connection.lock.unlock();
        }
    }

    private void refuse(Refused how) {
        headers.clear();
        responseHeader("Content-Type", "application/problem+json");
        send(how.status(), how.json());
    }

    // ---- called by the connection's thread, under its lock
    // -----------------------------------------------------------

    /** The client has no use for the answer any more. */
    void cancel() {
        if (!cancelled) {
            cancelled = true;
            if (thread != null) {
                thread.interrupt();
            }
        }
    }

    /** The client broke the rules for this stream. */
    void fail(int code) {
        if (!cancelled) {
            connection.reset(id, code);
            cancel();
        }
    }

    boolean cancelled() {
        return cancelled;
    }

    /** False if the window were too large then. */
    boolean widen(long by) {
        window += by;
        return window <= Integer.MAX_VALUE;
    }

    void receive(byte[] from, int offset, int count, int credit, boolean last) {
        body.receive(from, offset, count, credit, last);
    }

    void trailers(boolean valid) {
        if (valid) {
            body.receive(new byte[0], 0, 0, 0, true);
        } else {
            fail(Http2Error.PROTOCOL);
        }
    }

    // ---- the request
    // -------------------------------------------------------------------------------------------------

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
        return head.length();
    }

    @Override
    public InputStream body() {
        return body;
    }

    @Override
    public void timeLimit(Duration most) {
        limited = true;
        limit = System.nanoTime() + most.toNanos();
    }

    @Override
    public void awaitTurn() {
        connection.engine().turns().await();
    }

    /** When a wait for the client that begins now must be over. */
    long readLimit() {
        long until = System.nanoTime() + connection.engine().readNanos();
        return limited && limit - until < 0 ? limit : until;
    }

    private long writeLimit() {
        long now = System.nanoTime();
        long until = now + connection.engine().readNanos();
        if (!limited) {
            return until;
        }
        long latest = Math.max(limit - now, LAST_WORDS_NANOS) + now;
        return latest - until < 0 ? latest : until;
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

    // ---- the answer
    // --------------------------------------------------------------------------------------------------

    @Override
    public void responseHeader(String name, String value) {
        ResponseHeaders.check(name, value);
        HeaderTable.write(name.toLowerCase(Locale.ROOT), value, headers);
    }

    @Override
    public void closeConnection() {
        connection.discourage();
    }

    @Override
    public boolean answered() {
        return answered;
    }

    @Override
    public void send(int status, byte[] content) {
        begin(status);
        try {
            boolean bodiless = isHead || Status.hasNoBody(status);
            boolean measured = status != 204 && status != 304;
            sendHead(status, measured ? (status == 205 ? 0 : content.length) : -1, bodiless || content.length == 0);
            if (!bodiless && content.length > 0) {
                sendData(content, content.length, true);
            }
        } catch (IOException gone) {
            throw new UncheckedIOException("the answer could not be sent", gone);
        }
    }

    @Override
    public OutputStream stream(int status) {
        return stream(status, -1);
    }

    @Override
    public OutputStream stream(int status, long length) {
        begin(status);
        return new Stream(status, length);
    }

    private void begin(int status) {
        Status.check(status);
        if (answered) {
            throw new IllegalStateException("the exchange has been answered. Answer it once.");
        }
        answered = true;
        // An interrupt that was meant for the handler would end the wait for the client's window.
        Thread.interrupted();
    }

    private void sendHead(int status, long length, boolean last) throws IOException {
        var block = new Bytes(headers.size + 64);
        HeaderTable.writeStatus(status, block);
        var date = connection.engine().date();
        HeaderTable.write("date", date.substring(DATE_BEGIN, date.length() - 2), block);
        if (length >= 0) {
            HeaderTable.write("content-length", Long.toString(length), block);
        }
        block.add(headers.array, 0, headers.size);
        connection.lock.lock();
        try {
            await(0, Long.MAX_VALUE / 2 + System.nanoTime());
            connection.headers(id, block, last);
            ended = last;
        } finally {
            connection.lock.unlock();
        }
    }

    private void sendData(byte[] from, int count, boolean last) throws IOException {
        int at = 0;
        long began = System.nanoTime();
        connection.lock.lock();
        try {
            do {
                int n = await(count - at, began + connection.engine().patienceFor(at));
                connection.data(id, from, at, n, last && at + n == count);
                connection.out.use(n);
                window -= n;
                at += n;
            } while (at < count);
            ended = last;
        } finally {
            connection.lock.unlock();
        }
    }

    /** Waits until some of so many bytes may be sent, and returns how many. */
    private int await(int count, long latest) throws IOException {
        long now = System.nanoTime();
        long left = Math.min(writeLimit() - now, latest - now);
        while (true) {
            if (cancelled || connection.out.failed()) {
                throw new IOException("the client has reset the stream or is gone");
            }
            int n = count == 0 ? 0 : (int) Math.min(Math.min(window, count), connection.out.window());
            if (connection.out.hasRoom() && (n > 0 || count == 0)) {
                return n;
            }
            if (left <= 0) {
                fail(Http2Error.CANCEL);
                throw new IOException("the client took nothing in time");
            }
            try {
                left = connection.out.changed.awaitNanos(left);
            } catch (InterruptedException cut) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while the client took nothing", cut);
            }
        }
    }

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
            if (!begun) {
                begun = true;
                boolean whole = last && (bodiless || size == 0);
                long known = last && !isHead && status != 204 && status != 304 ? (bodiless ? 0 : size) : -1;
                sendHead(status, length >= 0 ? length : known, whole);
                if (whole) {
                    return;
                }
            }
            if (bodiless ? last : size > 0 || last) {
                sendData(waiting, bodiless ? 0 : size, last);
            }
        }
    }
}
