package dev.plinth.remote;

import dev.plinth.json.Json;
import dev.plinth.json.JsonException;
import dev.plinth.time.Time;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP interface of a registry, a store of configuration, or another system that the chassis itself asks: JSON,
 * bounded in time and size, at the first of several addresses that answers.
 *
 * <p>It stands below the client of services, which is built upon registries and configured from stores, and knows neither of breakers nor of
 * retries: who asks does so again. Every failure is a {@link RemoteException} that names the system and the call.
 * Opens nothing before the first call. Thread-safe.
 */
public final class JsonApi implements AutoCloseable {
    private static final int MOST_BYTES = 16 << 20;

    private final String system;
    private final List<URI> endpoints;
    private final Duration timeout;
    private final Time time;
    private final Map<String, Supplier<String>> headers = new LinkedHashMap<>();
    private @Nullable SSLContext tls;
    private @Nullable HttpClient http;
    private volatile int preferred;
    private boolean closed;

    /**
     * One that asks {@code endpoints} in turn until one answers.
     *
     * @param system what it is, for messages: {@code etcd}
     * @param endpoints {@code http://host:port}, or {@code https}; a path there goes before that of each call
     * @param timeout the most that one call may take, over all addresses, each of which gets its share of it
     * @throws IllegalArgumentException if there are none, or one is something else
     */
    public JsonApi(String system, List<URI> endpoints, Duration timeout, Time time) {
        requireEndpoints(endpoints);
        this.system = system;
        this.endpoints = List.copyOf(endpoints);
        this.timeout = timeout;
        this.time = time;
    }

    /**
     * What may stand in a list of addresses.
     *
     * @throws IllegalArgumentException if there are none, or one is something else
     */
    public static void requireEndpoints(List<URI> endpoints) {
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException(
                    "endpoints: none (expected: at least one, such as http://127.0.0.1:2379)");
        }
        for (var endpoint : endpoints) {
            if (endpoint.getHost() == null
                    || !("http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme()))
                    || endpoint.getRawQuery() != null
                    || endpoint.getUserInfo() != null) {
                throw new IllegalArgumentException(
                        "endpoints: '" + endpoint + "' (expected: http://host:port or https://host:port)");
            }
        }
    }

    /**
     * Sends a header with each call; its value is asked for each time, is never told, and is not sent while it is empty.
     * Before the first call.
     */
    public JsonApi header(String name, Supplier<String> value) {
        headers.put(name, value);
        return this;
    }

    /** Trusts and shows these certificates on {@code https}. Before the first call. */
    public JsonApi tls(SSLContext newTls) {
        tls = newTls;
        return this;
    }

    /** The addresses. */
    public List<URI> endpoints() {
        return endpoints;
    }

    /** {@code etcd at http://127.0.0.1:2379}. */
    public String describe() {
        return system + " at "
                + String.join(", ", endpoints.stream().map(URI::toString).toList());
    }

    /** An answer that came whole, of whatever status. Immutable. */
    public static final class Answer {
        private final String call;
        private final int status;
        private final Map<String, List<String>> headers;
        private final byte[] body;

        private Answer(String call, int status, Map<String, List<String>> headers, byte[] body) {
            this.call = call;
            this.status = status;
            this.headers = headers;
            this.body = body;
        }

        /** The status of HTTP. */
        public int status() {
            return status;
        }

        /** The body as it came. */
        public byte[] body() {
            return body.clone();
        }

        /** The first value of a header, whatever the case of its name. */
        public Optional<String> header(String name) {
            return headers.getOrDefault(name, List.of()).stream().findFirst();
        }

        /** Whether the status is one of success. */
        public boolean ok() {
            return status >= 200 && status < 300;
        }

        /**
         * The body as a record or a tree.
         *
         * @throws RemoteException if it is no success or no such thing
         */
        public <T> T as(Class<T> type) {
            requireOk();
            try {
                return Json.standard().read(body, type);
            } catch (JsonException garbage) {
                throw new RemoteException(call + ": answered what can't be read: " + garbage.getMessage(), garbage);
            }
        }

        /**
         * This answer.
         *
         * @throws RemoteException if it is no success
         */
        public Answer requireOk() {
            if (!ok()) {
                throw new RemoteException(call + ": answered " + status);
            }
            return this;
        }
    }

    /**
     * Makes a call, at each address in turn while they can't be reached or answer 5xx.
     *
     * @param body sent as JSON; null for none
     * @throws RemoteException if none gave an answer in time: the last failure, with those before it suppressed
     */
    public Answer call(String method, String path, @Nullable Object body) {
        return call(method, path, body, Duration.ZERO);
    }

    /** The same where the other side may hold its answer back for {@code wait} on purpose. */
    public Answer await(String method, String path, @Nullable Object body, Duration wait) throws InterruptedException {
        try {
            return call(method, path, body, wait);
        } catch (RemoteException failed) {
            if (Thread.interrupted()) {
                throw new InterruptedException(failed.getMessage());
            }
            throw failed;
        }
    }

    private Answer call(String method, String path, @Nullable Object body, Duration wait) {
        long end = time.nanos() + timeout.toNanos() + wait.toNanos();
        int first = preferred;
        var failures = new ArrayList<RemoteException>();
        for (int i = 0; i < endpoints.size(); i++) {
            int index = (first + i) % endpoints.size();
            var left = Duration.ofNanos(end - time.nanos());
            if (i > 0 && !left.isPositive()) {
                break;
            }
            try {
                var answer = call(endpoints.get(index), method, path, body, share(left, wait, endpoints.size() - i));
                if (answer.status < 500 || i == endpoints.size() - 1) {
                    preferred = index;
                    return answer;
                }
                failures.add(new RemoteException(answer.call + ": answered " + answer.status));
            } catch (RemoteException failed) {
                if (Thread.currentThread().isInterrupted()) {
                    throw failed;
                }
                failures.add(failed);
            }
        }
        preferred = (first + 1) % endpoints.size();
        var last = failures.removeLast();
        failures.forEach(last::addSuppressed);
        throw last;
    }

    /** What one of {@code addresses} may take, so that one that says nothing leaves time for the others. */
    private static Duration share(Duration left, Duration wait, int addresses) {
        var own = left.minus(wait);
        return own.isPositive() ? own.dividedBy(addresses).plus(wait) : left;
    }

    /** Makes a call at that address alone, within {@code most}. */
    public Answer call(URI endpoint, String method, String path, @Nullable Object body, Duration most) {
        var call = name(endpoint, method, path);
        long end = time.nanos() + most.toNanos();
        try {
            var response = send(endpoint, method, path, body, most);
            var bytes = new ByteArrayOutputStream();
            try (var in = response.body()) {
                var timer = time.after(Duration.ofNanos(end - time.nanos()), () -> close(in));
                try {
                    copy(in, bytes, call);
                } catch (IOException cut) {
                    if (end - time.nanos() <= 0) {
                        throw new HttpTimeoutException("the body was not there in time");
                    }
                    throw cut;
                } finally {
                    timer.cancel();
                }
            }
            return new Answer(call, response.statusCode(), response.headers().map(), bytes.toByteArray());
        } catch (IOException failed) {
            throw failure(call, failed, most);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new RemoteException(call + ": interrupted while it waited", interrupted);
        }
    }

    private static void copy(InputStream in, ByteArrayOutputStream bytes, String call) throws IOException {
        var buffer = new byte[8192];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            bytes.write(buffer, 0, n);
            if (bytes.size() > MOST_BYTES) {
                throw new RemoteException(call + ": answered more than " + MOST_BYTES + " bytes");
            }
        }
    }

    /**
     * Reads an answer that goes on and on, one JSON value a line, until a line is {@code wanted}, the other side ends it, or
     * {@code most} is over; then the connection is closed.
     *
     * @return that line, if one came
     */
    public Optional<byte[]> awaitLine(
            String method, String path, @Nullable Object body, Duration most, Predicate<byte[]> wanted)
            throws InterruptedException {
        var endpoint = endpoints.get(preferred);
        var call = name(endpoint, method, path);
        long end = time.nanos() + most.toNanos();
        try {
            var response = send(endpoint, method, path, body, timeout);
            try (var in = response.body()) {
                if (response.statusCode() >= 300) {
                    preferred = (preferred + 1) % endpoints.size();
                    throw new RemoteException(call + ": answered " + response.statusCode());
                }
                var timer = time.after(Duration.ofNanos(Math.max(0, end - time.nanos())), () -> close(in));
                try {
                    return firstLine(in, wanted, call);
                } catch (IOException cut) {
                    if (end - time.nanos() <= 0) {
                        return Optional.empty();
                    }
                    throw cut;
                } finally {
                    timer.cancel();
                }
            }
        } catch (IOException failed) {
            if (Thread.interrupted()) {
                throw new InterruptedException(call);
            }
            preferred = (preferred + 1) % endpoints.size();
            throw failure(call, failed, most);
        }
    }

    private static Optional<byte[]> firstLine(InputStream in, Predicate<byte[]> wanted, String call)
            throws IOException {
        var line = new ByteArrayOutputStream();
        var buffer = new byte[8192];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            for (int i = 0; i < n; i++) {
                if (buffer[i] != '\n') {
                    line.write(buffer[i]);
                } else {
                    var whole = line.toByteArray();
                    line.reset();
                    if (whole.length > 0 && wanted.test(whole)) {
                        return Optional.of(whole);
                    }
                }
            }
            if (line.size() > MOST_BYTES) {
                throw new RemoteException(call + ": answered a line of more than " + MOST_BYTES + " bytes");
            }
        }
        return Optional.empty();
    }

    private HttpResponse<InputStream> send(
            URI endpoint, String method, String path, @Nullable Object body, Duration most)
            throws IOException, InterruptedException {
        var base = endpoint.toString();
        var uri = URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
        var request = HttpRequest.newBuilder(uri)
                .timeout(most.isPositive() ? most : Duration.ofNanos(1))
                .header("Accept", "application/json");
        headers.forEach((name, value) -> {
            var text = value.get();
            if (!text.isEmpty()) {
                try {
                    request.setHeader(name, text);
                } catch (IllegalArgumentException unsendable) { // its message holds the value, so it is no cause
                    throw new RemoteException(name(endpoint, method, path) + ": the value of " + name
                            + " holds a line end or another character that no header may have");
                }
            }
        });
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.setHeader("Content-Type", "application/json");
            request.method(
                    method,
                    HttpRequest.BodyPublishers.ofByteArray(Json.standard().write(body)));
        }
        return http().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    /** What one call is named in messages: without its query, which may be long and holds nothing that helps. */
    private String name(URI endpoint, String method, String path) {
        int query = path.indexOf('?');
        return system + " at " + endpoint + ": " + method + " " + (query < 0 ? path : path.substring(0, query));
    }

    private static RemoteException failure(String call, IOException failed, Duration most) {
        var text =
                switch (failed) {
                    case java.net.http.HttpConnectTimeoutException _ -> "can't connect in time";
                    case HttpTimeoutException _ -> "no answer within " + most.toMillis() + " ms";
                    case ConnectException _ ->
                        "can't connect" + (failed.getMessage() == null ? "" : ": " + failed.getMessage());
                    default ->
                        "the connection broke: "
                                + (failed.getMessage() == null
                                        ? failed.getClass().getSimpleName()
                                        : failed.getMessage());
                };
        return new RemoteException(call + ": " + text, failed);
    }

    /** Not after it was closed: a call that comes late would open connections that nobody closes. */
    private synchronized HttpClient http() throws IOException {
        if (closed) {
            throw new IOException("this handle is closed");
        }
        var open = http;
        if (open == null) {
            var builder = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(timeout.dividedBy(endpoints.size()))
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .executor(Executors.newVirtualThreadPerTaskExecutor());
            if (tls != null) {
                builder.sslContext(tls);
            }
            open = builder.build();
            http = open;
        }
        return open;
    }

    /**
     * What may name a document in a store: {@code config/orders}.
     *
     * @throws IllegalArgumentException if it is empty or holds what can't be shown in a line
     */
    public static void requireKey(String key) {
        if (key.isBlank() || key.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("key: '" + key + "' (expected: a name, such as config/orders)");
        }
    }

    /** A path, percent-encoded but for its slashes; one in front is left out. */
    public static String encodePath(String path) {
        return encode(path.startsWith("/") ? path.substring(1) : path).replace("%2F", "/");
    }

    /** A segment of a path or a value of a query, percent-encoded. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static void close(InputStream stream) {
        try {
            stream.close();
        } catch (IOException alreadyBroken) {
            // The reader learns it by its own read.
        }
    }

    /** Ends the calls that are under way, closes the connections, and refuses calls from now on. */
    @Override
    public synchronized void close() {
        closed = true;
        if (http != null) {
            http.shutdownNow();
            http.close();
            http = null;
        }
    }
}
