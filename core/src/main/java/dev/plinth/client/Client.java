package dev.plinth.client;

import dev.plinth.context.Context;
import dev.plinth.context.Deadline;
import dev.plinth.error.Category;
import dev.plinth.error.Problem;
import dev.plinth.json.Json;
import dev.plinth.lifecycle.Component;
import dev.plinth.metrics.HttpClientMetrics;
import dev.plinth.time.Time;
import dev.plinth.trace.Tracing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
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
import org.jspecify.annotations.Nullable;

/**
 * Calls one other service over HTTP: JSON by records, within the caller's deadline, in the caller's trace.
 *
 * <pre>{@code
 * var pricing = service.client("pricing");
 * Quote quote = pricing.get("/quotes/{item}").path("item", order.item()).as(Quote.class);
 * }</pre>
 *
 * <p>A problem that the other side answers is thrown here with the same category, code and status. A side that can't be
 * reached, is too slow, or answers something else is a problem that names the client and the call. Thread-safe; a handle
 * that opens nothing before the service starts.
 */
public final class Client implements Component {
    private final String name;
    private final ClientConfig config;
    private final Time time;
    private final Tracing tracing;
    private final HttpClientMetrics metrics;
    private final Json json = Json.standard();
    private volatile @Nullable HttpClient http;

    /** A handle; {@code name} is in every message. */
    public Client(String name, ClientConfig config, Time time, Tracing tracing, HttpClientMetrics metrics) {
        this.name = name;
        this.config = config;
        this.time = time;
        this.tracing = tracing;
        this.metrics = metrics;
    }

    @Override
    public void stop() {
        var open = http;
        if (open != null) {
            open.shutdownNow();
            open.close();
        }
    }

    /** A {@code GET}; {@code {name}} in the path is filled by {@link Call#path}. */
    public Call get(String path) {
        return new Call("GET", path, null);
    }

    /** A {@code POST} with a body as JSON. */
    public Call post(String path, Object body) {
        return new Call("POST", path, body);
    }

    /** A {@code PUT} with a body as JSON. */
    public Call put(String path, Object body) {
        return new Call("PUT", path, body);
    }

    /** A {@code PATCH} with a body as JSON. */
    public Call patch(String path, Object body) {
        return new Call("PATCH", path, body);
    }

    /** A {@code DELETE}. */
    public Call delete(String path) {
        return new Call("DELETE", path, null);
    }

    /** The JDK's client costs much to load, so it is made by the first call and not at start. */
    private HttpClient http() {
        var open = http;
        if (open == null) {
            synchronized (this) {
                open = http;
                if (open == null) {
                    open = HttpClient.newBuilder()
                            .connectTimeout(config.connectTimeout())
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .executor(Executors.newVirtualThreadPerTaskExecutor())
                            .build();
                    http = open;
                }
            }
        }
        return open;
    }

    /** One call in the making. Used by one thread. */
    public final class Call {
        private final String method;
        private final String pattern;
        private final @Nullable Object body;
        private final Map<String, String> path = new LinkedHashMap<>();
        private final List<String> query = new ArrayList<>();
        private final Map<String, String> headers = new LinkedHashMap<>();
        private Duration timeout = config.timeout();

        private Call(String method, String pattern, @Nullable Object body) {
            if (!pattern.startsWith("/")) {
                throw new IllegalArgumentException("path '" + pattern + "' (expected: one that begins with /)");
            }
            this.method = method;
            this.pattern = pattern;
            this.body = body;
        }

        /** Fills {@code {parameter}} in the path, percent-encoded. */
        public Call path(String parameter, Object value) {
            if (!pattern.contains("{" + parameter + "}")) {
                throw new IllegalArgumentException("path '" + pattern + "' has no {" + parameter + "}");
            }
            path.put(parameter, encode(value));
            return this;
        }

        /** Adds a query parameter, percent-encoded. */
        public Call query(String parameter, Object value) {
            query.add(encode(parameter) + "=" + encode(value));
            return this;
        }

        /** Sets a header. */
        public Call header(String header, String value) {
            headers.put(header, value);
            return this;
        }

        /** Sets the most that this call may take, in place of the client's. */
        public Call timeout(Duration most) {
            timeout = most;
            return this;
        }

        /**
         * Makes the call and reads the answer as a record.
         *
         * @throws Problem what the other side answered; {@code UPSTREAM_UNREACHABLE} (502), {@code UPSTREAM_TIMEOUT}
         *     (504), {@code UPSTREAM_ERROR} (502) or {@code UPSTREAM_GARBAGE} (502) if it did not answer properly;
         *     {@code DEADLINE_EXCEEDED} (504), and nothing is sent, if the caller's deadline has passed
         */
        public <T> T as(Class<T> type) {
            var answer = exchange();
            try {
                return json.read(answer, type);
            } catch (RuntimeException garbage) {
                throw problem(
                                Category.FAILED_INVOCATION,
                                502,
                                "UPSTREAM_GARBAGE",
                                "answered what is no " + type.getSimpleName() + ": " + garbage.getMessage())
                        .causedBy(garbage);
            }
        }

        /** The same, for a thing that may not be there: 404 gives empty. */
        public <T> Optional<T> find(Class<T> type) {
            try {
                return Optional.of(as(type));
            } catch (Problem problem) {
                if (problem.status() == 404) {
                    return Optional.empty();
                }
                throw problem;
            }
        }

        /** Makes the call and ignores the body of the answer. */
        public void send() {
            exchange();
        }

        private byte[] exchange() {
            var own = Deadline.after(time, timeout);
            var deadline = Context.current().deadline().map(own::earlier).orElse(own);
            deadline.check(this.toString());
            var most = deadline.remaining();
            var request = HttpRequest.newBuilder(uri()).timeout(most);
            request.header("Accept", "application/json, application/problem+json");
            request.header("X-Request-Timeout-Ms", Long.toString(Math.max(1, most.toMillis())));
            headers.forEach(request::setHeader);
            if (body == null) {
                request.method(method, HttpRequest.BodyPublishers.noBody());
            } else {
                request.header("Content-Type", "application/json");
                request.method(method, HttpRequest.BodyPublishers.ofByteArray(json.write(body)));
            }
            var span = tracing.client();
            tracing.write(span.context(), request::setHeader);
            int status = 0;
            Throwable failure = null;
            long begin = time.nanos();
            try {
                var response = http().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
                status = response.statusCode();
                var answer = read(response.body(), deadline);
                if (status >= 300) {
                    throw refused(
                            status,
                            response.headers().firstValue("Content-Type").orElse(""),
                            answer);
                }
                return answer;
            } catch (Problem refused) {
                failure = refused;
                throw refused;
            } catch (HttpConnectTimeoutException | ConnectException unreachable) {
                failure = unreachable;
                throw problem(
                                Category.NO_RESPONSE,
                                502,
                                "UPSTREAM_UNREACHABLE",
                                "can't connect: " + reason(unreachable))
                        .causedBy(unreachable);
            } catch (HttpTimeoutException slow) {
                failure = slow;
                throw problem(
                                Category.NO_RESPONSE,
                                504,
                                "UPSTREAM_TIMEOUT",
                                "no answer within " + most.toMillis() + " ms")
                        .causedBy(slow);
            } catch (IOException broken) {
                failure = broken;
                throw problem(Category.NO_RESPONSE, 502, "UPSTREAM_ERROR", "the connection broke: " + reason(broken))
                        .causedBy(broken);
            } catch (InterruptedException interrupted) {
                failure = interrupted;
                Thread.currentThread().interrupt();
                throw problem(Category.NO_RESPONSE, 504, "UPSTREAM_CANCELLED", "interrupted while it waited")
                        .causedBy(interrupted);
            } finally {
                metrics.finished(
                        name,
                        method,
                        pattern,
                        status,
                        time.nanos() - begin,
                        span.context().trace());
                span.end(method, config.url().toString(), pattern, status, failure);
            }
        }

        /** The time-out of the JDK's client ends with the headers, so here the deadline cuts the body off. */
        private byte[] read(InputStream answer, Deadline deadline) throws IOException {
            long limit = config.maxResponse().bytes();
            var bytes = new ByteArrayOutputStream();
            var buffer = new byte[8192];
            var timer = time.after(deadline.remaining(), () -> close(answer));
            try (answer) {
                for (int n = answer.read(buffer); n >= 0; n = answer.read(buffer)) {
                    bytes.write(buffer, 0, n);
                    if (bytes.size() > limit) {
                        throw problem(
                                Category.FAILED_INVOCATION,
                                502,
                                "UPSTREAM_TOO_LARGE",
                                "answered more than " + limit + " bytes (clients." + name + ".max-response)");
                    }
                }
            } catch (IOException cut) {
                if (deadline.expired()) {
                    throw new HttpTimeoutException("the body was not there in time");
                }
                throw cut;
            } finally {
                timer.cancel();
            }
            return bytes.toByteArray();
        }

        private Problem refused(int status, String contentType, byte[] answer) {
            if (contentType.startsWith("application/problem+json")) {
                try {
                    return json.read(answer, WireProblem.class).toProblem();
                } catch (RuntimeException noProblem) {
                    return problem(
                                    Category.FAILED_INVOCATION,
                                    502,
                                    "UPSTREAM_ERROR",
                                    "answered " + status + " with a problem that can't be read")
                            .causedBy(noProblem);
                }
            }
            return problem(
                    Category.FAILED_INVOCATION,
                    status >= 400 && status < 500 ? status : 502,
                    "UPSTREAM_ERROR",
                    "answered " + status);
        }

        private URI uri() {
            var text = pattern;
            for (var parameter : path.entrySet()) {
                text = text.replace("{" + parameter.getKey() + "}", parameter.getValue());
            }
            if (text.indexOf('{') >= 0) {
                throw new IllegalArgumentException("path '" + text + "' of client '" + name + "' has a parameter left");
            }
            var base = config.url().toString();
            var whole = (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + text;
            return URI.create(query.isEmpty() ? whole : whole + "?" + String.join("&", query));
        }

        private Problem problem(Category category, int status, String code, String detail) {
            return Problem.of(category, code, this + " " + detail).withStatus(status);
        }

        @Override
        public String toString() {
            return "client '" + name + "' " + method + " " + pattern;
        }
    }

    private static void close(InputStream stream) {
        try {
            stream.close();
        } catch (IOException alreadyBroken) {
            // The reader learns it by its own read.
        }
    }

    private static String reason(Exception failed) {
        return failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
    }

    private static String encode(Object value) {
        return URLEncoder.encode(String.valueOf(value), StandardCharsets.UTF_8).replace("+", "%20");
    }
}
