package dev.plinth.client.engine;

import dev.plinth.context.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.ArrayList;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 by the JDK's client: by ALPN over TLS, by upgrade in clear text, HTTP/1.1 where the other side has no more.
 *
 * <p>The JDK's client takes the name for TLS from the address; where that is a number it takes the one that its
 * parameters name, so there is one client for each name.
 */
final class Http2Transport implements Transport {
    private final TransportSettings settings;
    private final ConcurrentHashMap<String, HttpClient> clients = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Target, Semaphore> free = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Http2Transport(TransportSettings settings) {
        this.settings = settings;
    }

    @Override
    public Reply send(Outbound request, Target target, Deadline deadline) throws Fault {
        var permit = permit(target, deadline);
        boolean answered = false;
        try {
            var client = clients.computeIfAbsent(target.tlsName(), this::open);
            if (closed) {
                throw Fault.notSent(Fault.Kind.UNREACHABLE, "the client is closed", null);
            }
            var response = client.send(request(request, target, deadline), HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() < 200 || response.statusCode() > 599) {
                throw ReplyHead.malformed("its status is " + response.statusCode());
            }
            var length = response.headers().firstValueAsLong("content-length").orElse(-1);
            var body = new Body(response.body(), deadline, permit);
            answered = true;
            return new Reply(response.statusCode(), fields(response.headers()), length, body);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Fault.sent(Fault.Kind.INTERRUPTED, "interrupted while it waited for an answer", interrupted);
        } catch (IOException failed) {
            throw fault(failed, "while it waited for an answer", deadline);
        } finally {
            if (!answered) {
                permit.release();
            }
        }
    }

    private Semaphore permit(Target target, Deadline deadline) throws Fault {
        var permits = free.computeIfAbsent(target, _ -> new Semaphore(settings.maxConnections()));
        var limit = deadline.atMost(settings.poolTimeout());
        try {
            if (!permits.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw Fault.notSent(
                        Fault.Kind.NO_CONNECTION_FREE,
                        settings.maxConnections() + " requests were on their way for " + limit.toMillis() + " ms",
                        null);
            }
            return permits;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Fault.notSent(Fault.Kind.INTERRUPTED, "interrupted while it waited for its turn", interrupted);
        }
    }

    private HttpClient open(String tlsName) {
        var tls = settings.tls() == null ? Tls.DEFAULT : settings.tls();
        var parameters = new SSLParameters();
        Tls.demand(parameters, tlsName);
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .connectTimeout(settings.connectTimeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(tls.context())
                .sslParameters(parameters)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    private static HttpRequest request(Outbound request, Target target, Deadline deadline) throws Fault {
        var remaining = deadline.remaining();
        if (remaining.isZero()) {
            throw Fault.notSent(Fault.Kind.TIMEOUT, "the deadline passed before it was sent", null);
        }
        var builder =
                HttpRequest.newBuilder(URI.create(target + request.path())).timeout(remaining);
        var headers = request.headers();
        for (int i = 0; i < headers.size(); i += 2) {
            builder.header(headers.get(i), headers.get(i + 1));
        }
        return builder.method(request.method(), publisher(request.body())).build();
    }

    private static HttpRequest.BodyPublisher publisher(Outbound.@Nullable Body body) {
        if (body == null) {
            return HttpRequest.BodyPublishers.noBody();
        }
        var bytes = body.bytes();
        if (bytes != null) {
            return HttpRequest.BodyPublishers.ofByteArray(bytes);
        }
        var stream = HttpRequest.BodyPublishers.ofInputStream(() -> piped(body));
        return body.length() < 0 ? stream : HttpRequest.BodyPublishers.fromPublisher(stream, body.length());
    }

    /** The JDK's client pulls a body, ours is pushed: a thread stands between. */
    private static InputStream piped(Outbound.Body body) {
        try {
            var out = new PipedOutputStream();
            var in = new Pipe(out);
            Thread.ofVirtual().name("request-body").start(() -> {
                try (out) {
                    body.writeTo(out);
                } catch (IOException | RuntimeException failed) {
                    in.fail(failed);
                }
            });
            return in;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static final class Pipe extends PipedInputStream {
        private volatile @Nullable Exception failure;

        Pipe(PipedOutputStream out) throws IOException {
            super(out, 64 * 1024);
        }

        void fail(Exception why) {
            failure = why;
        }

        @Override
        public synchronized int read() throws IOException {
            return checked(super.read());
        }

        @Override
        public synchronized int read(byte[] to, int offset, int length) throws IOException {
            return checked(super.read(to, offset, length));
        }

        private int checked(int n) throws IOException {
            var why = failure;
            if (n < 0 && why != null) {
                throw new IOException("the body could not be written: " + Wire.reason(why), why);
            }
            return n;
        }
    }

    private static String[] fields(HttpHeaders headers) {
        var fields = new ArrayList<String>();
        headers.map().forEach((name, values) -> {
            for (var value : values) {
                fields.add(name.toLowerCase(Locale.ROOT));
                fields.add(value);
            }
        });
        return fields.toArray(String[]::new);
    }

    private static Fault fault(IOException failed, String doing, Deadline deadline) {
        return switch (failed) {
            case Fault fault -> fault;
            case HttpConnectTimeoutException slow ->
                Fault.notSent(Fault.Kind.UNREACHABLE, "can't connect: no connection in time", slow);
            case ConnectException refused ->
                Fault.notSent(Fault.Kind.UNREACHABLE, "can't connect: " + Wire.reason(refused), refused);
            case SSLHandshakeException untrusted ->
                Fault.notSent(Fault.Kind.UNREACHABLE, "can't connect: " + Wire.reason(untrusted), untrusted);
            case HttpTimeoutException slow -> Fault.sent(Fault.Kind.TIMEOUT, "the deadline passed " + doing, slow);
            default ->
                deadline.expired()
                        ? Fault.sent(Fault.Kind.TIMEOUT, "the deadline passed " + doing, failed)
                        : Fault.sent(
                                Fault.Kind.BROKEN,
                                "the connection broke " + doing + ": " + Wire.reason(failed),
                                failed);
        };
    }

    @Override
    public void close() {
        closed = true;
        clients.values().forEach(HttpClient::shutdownNow);
    }

    /** The time-out of the JDK's client ends with the headers, so here a timer cuts the body off. */
    private static final class Body extends InputStream {
        private final InputStream from;
        private final Deadline deadline;
        private final Semaphore permit;
        private final dev.plinth.time.Time.Timer cut;
        private boolean closed;

        Body(InputStream from, Deadline deadline, Semaphore permit) {
            this.from = from;
            this.deadline = deadline;
            this.permit = permit;
            this.cut = deadline.time().after(deadline.remaining(), this::cut);
        }

        private void cut() {
            try {
                from.close();
            } catch (IOException alreadyGone) {
                // The reader learns it by its own read.
            }
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            try {
                return from.read(to, offset, length);
            } catch (IOException failed) {
                throw fault(failed, "inside the body", deadline);
            }
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                cut.cancel();
                cut();
                permit.release();
            }
        }
    }
}
