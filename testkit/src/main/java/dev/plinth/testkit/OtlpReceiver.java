package dev.plinth.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.plinth.testkit.ReceivedSpan.Event;
import dev.plinth.testkit.ReceivedSpan.Kind;
import dev.plinth.testkit.ReceivedSpan.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A collector of traces for tests: OTLP over HTTP in protobuf, on a free port of the loopback interface.
 *
 * <pre>{@code
 * try (var collector = OtlpReceiver.start()) {
 *     // run services with trace.endpoint = collector.endpoint()
 *     var spans = collector.await(2);
 * }
 * }</pre>
 *
 * <p>Written from the published protocol (opentelemetry-proto 1.x, {@code opentelemetry/proto/collector/trace/v1}), so
 * that it shares no mistake with the library that sends. Thread-safe.
 */
public final class OtlpReceiver implements AutoCloseable {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<ReceivedSpan> spans = new ArrayList<>();
    private int requests;
    private int status = 200;
    private @Nullable String malformed;

    private OtlpReceiver(HttpServer server) {
        this.server = server;
    }

    /** Opens one on a free port. */
    public static OtlpReceiver start() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var receiver = new OtlpReceiver(server);
        server.createContext("/", receiver::receive);
        server.setExecutor(receiver.threads);
        server.start();
        return receiver;
    }

    /** Its address, without a path: what a service is given as {@code trace.endpoint}. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What has come so far, in the order of arrival. */
    public synchronized List<ReceivedSpan> spans() {
        return List.copyOf(spans);
    }

    /** How many requests have come so far, refused ones included. */
    public synchronized int requests() {
        return requests;
    }

    /** From now on all requests get this answer; what they carry is kept for 200 alone. */
    public synchronized void answer(int newStatus) {
        status = newStatus;
    }

    /**
     * Waits until {@code count} spans or more are there, and returns them all.
     *
     * @throws AssertionError after 20 seconds, naming those that came; or if a request was not OTLP
     */
    public synchronized List<ReceivedSpan> await(int count) throws InterruptedException {
        long end = System.nanoTime() + LONG_ENOUGH.toNanos();
        while (spans.size() < count) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (malformed != null || left <= 0) {
                throw new AssertionError(
                        malformed != null
                                ? malformed
                                : "After 20 s there are " + spans.size() + " spans of " + count + ": "
                                        + spans.stream().map(ReceivedSpan::name).toList());
            }
            wait(left);
        }
        return List.copyOf(spans);
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            int answer = handle(exchange);
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(answer, -1); // an empty message: all is accepted
        }
    }

    private int handle(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        InputStream in = exchange.getRequestBody();
        if ("gzip".equals(headers.getFirst("Content-Encoding"))) {
            in = new GZIPInputStream(in);
        }
        var body = in.readAllBytes();
        synchronized (this) {
            requests++;
            int answer = status;
            if (!exchange.getRequestMethod().equals("POST")) {
                answer = 405;
            } else if (!exchange.getRequestURI().getPath().equals("/v1/traces")) {
                answer = 404;
            } else if (!"application/x-protobuf".equals(headers.getFirst("Content-Type"))) {
                answer = 415;
            } else if (answer == 200) {
                try {
                    spans.addAll(exportRequest(new Protobuf(body)));
                } catch (IllegalArgumentException broken) {
                    malformed = broken.getMessage();
                    answer = 400;
                }
            }
            notifyAll();
            return answer;
        }
    }

    /** {@code ExportTraceServiceRequest}: resource_spans = 1. */
    private static List<ReceivedSpan> exportRequest(Protobuf request) {
        var spans = new ArrayList<ReceivedSpan>();
        while (request.next()) {
            if (request.field() == 1) {
                resourceSpans(request.message(), spans);
            } else {
                request.skip();
            }
        }
        return spans;
    }

    /** {@code ResourceSpans}: resource = 1, scope_spans = 2. */
    private static void resourceSpans(Protobuf message, List<ReceivedSpan> to) {
        Map<String, Object> resource = Map.of();
        while (message.next()) {
            switch (message.field()) {
                case 1 -> resource = resource(message.message());
                case 2 -> scopeSpans(message.message(), resource, to);
                default -> message.skip();
            }
        }
    }

    /** {@code Resource}: attributes = 1. */
    private static Map<String, Object> resource(Protobuf message) {
        var attributes = new HashMap<String, Object>();
        while (message.next()) {
            if (message.field() == 1) {
                keyValue(message.message(), attributes);
            } else {
                message.skip();
            }
        }
        return attributes;
    }

    /** {@code ScopeSpans}: scope = 1 (its name = 1), spans = 2. */
    private static void scopeSpans(Protobuf message, Map<String, Object> resource, List<ReceivedSpan> to) {
        var scope = "";
        while (message.next()) {
            switch (message.field()) {
                case 1 -> scope = firstText(message.message());
                case 2 -> to.add(span(message.message(), resource, scope));
                default -> message.skip();
            }
        }
    }

    private static String firstText(Protobuf message) {
        var text = "";
        while (message.next()) {
            if (message.field() == 1) {
                text = message.text();
            } else {
                message.skip();
            }
        }
        return text;
    }

    private static ReceivedSpan span(Protobuf message, Map<String, Object> resource, String scope) {
        var traceId = "";
        var spanId = "";
        var traceState = "";
        var parentSpanId = "";
        var name = "";
        var kind = Kind.UNSPECIFIED;
        long start = 0;
        long end = 0;
        var attributes = new HashMap<String, Object>();
        var events = new ArrayList<Event>();
        var ended = new Ended(Status.UNSET, "");
        while (message.next()) {
            switch (message.field()) {
                case 1 -> traceId = message.hex();
                case 2 -> spanId = message.hex();
                case 3 -> traceState = message.text();
                case 4 -> parentSpanId = message.hex();
                case 5 -> name = message.text();
                case 6 -> kind = kind(message.number());
                case 7 -> start = message.fixed64();
                case 8 -> end = message.fixed64();
                case 9 -> keyValue(message.message(), attributes);
                case 11 -> events.add(event(message.message()));
                case 15 -> ended = ended(message.message());
                default -> message.skip();
            }
        }
        return new ReceivedSpan(
                resource,
                scope,
                traceId,
                spanId,
                parentSpanId,
                traceState,
                name,
                kind,
                start,
                end,
                attributes,
                events,
                ended.status,
                ended.message);
    }

    private static Kind kind(long number) {
        return switch ((int) number) {
            case 1 -> Kind.INTERNAL;
            case 2 -> Kind.SERVER;
            case 3 -> Kind.CLIENT;
            case 4 -> Kind.PRODUCER;
            case 5 -> Kind.CONSUMER;
            default -> Kind.UNSPECIFIED;
        };
    }

    private static Status status(long number) {
        return switch ((int) number) {
            case 1 -> Status.OK;
            case 2 -> Status.ERROR;
            default -> Status.UNSET;
        };
    }

    private record Ended(Status status, String message) {}

    /** {@code Status}: message = 2, code = 3. */
    private static Ended ended(Protobuf message) {
        var status = Status.UNSET;
        var text = "";
        while (message.next()) {
            switch (message.field()) {
                case 2 -> text = message.text();
                case 3 -> status = status(message.number());
                default -> message.skip();
            }
        }
        return new Ended(status, text);
    }

    /** {@code Span.Event}: time_unix_nano = 1, name = 2, attributes = 3. */
    private static Event event(Protobuf message) {
        var name = "";
        long at = 0;
        var attributes = new HashMap<String, Object>();
        while (message.next()) {
            switch (message.field()) {
                case 1 -> at = message.fixed64();
                case 2 -> name = message.text();
                case 3 -> keyValue(message.message(), attributes);
                default -> message.skip();
            }
        }
        return new Event(name, at, attributes);
    }

    /** {@code KeyValue}: key = 1, value = 2. */
    private static void keyValue(Protobuf message, Map<String, Object> to) {
        var key = "";
        Object value = "";
        while (message.next()) {
            switch (message.field()) {
                case 1 -> key = message.text();
                case 2 -> value = anyValue(message.message());
                default -> message.skip();
            }
        }
        to.put(key, value);
    }

    /** {@code AnyValue}: string = 1, bool = 2, int = 3, double = 4, array = 5 (its values = 1), kvlist = 6, bytes = 7. */
    private static Object anyValue(Protobuf message) {
        Object value = "";
        while (message.next()) {
            switch (message.field()) {
                case 1 -> value = message.text();
                case 2 -> value = message.number() != 0;
                case 3 -> value = message.number();
                case 4 -> value = message.real();
                case 5 -> value = array(message.message());
                case 6 -> value = resource(message.message());
                case 7 -> value = message.hex();
                default -> message.skip();
            }
        }
        return value;
    }

    private static List<Object> array(Protobuf message) {
        var values = new ArrayList<Object>();
        while (message.next()) {
            if (message.field() == 1) {
                values.add(anyValue(message.message()));
            } else {
                message.skip();
            }
        }
        return values;
    }

    /** Takes no more requests. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
