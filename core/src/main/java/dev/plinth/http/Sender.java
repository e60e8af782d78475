package dev.plinth.http;

import dev.plinth.context.Context;
import dev.plinth.error.Problem;
import dev.plinth.http.engine.Exchange;
import dev.plinth.json.Json;
import dev.plinth.time.Time;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts a response on the wire: 304 where the client has it already, the parts of a file that it asks for, packed where
 * that is worth it, event by event where it is a stream.
 *
 * <p>Thread-safe.
 */
final class Sender {
    /** Up to here a file is read as a whole, and so sent with its length. */
    private static final int SMALL = 64 * 1024;

    /** Longer than any stream lives; the read time-out still bounds each single write. */
    private static final Duration NO_LIMIT = Duration.ofDays(3650);

    private final Json json;
    private final Time time;
    private final List<Packing> packings;
    private final Policies policies;
    private final Set<Events> streams = ConcurrentHashMap.newKeySet();
    private final WebSockets sockets;
    private volatile boolean ending;

    /** How answers of some size and more are packed. */
    record Packing(ContentCoding coding, long above) {}

    /** {@code packings}: the preferred first. */
    Sender(Json json, Time time, List<Packing> packings, Policies policies, WebSocketConfig webSocket) {
        this.json = json;
        this.time = time;
        this.packings = packings;
        this.policies = policies;
        this.sockets = new WebSockets(webSocket, json, time);
    }

    /** Ends all streams of events and WebSockets in order, and those that begin from now on at once. */
    void endStreams() {
        ending = true;
        streams.forEach(Events::end);
        sockets.end();
    }

    /**
     * Sends; returns the status that was sent. An exception after the answer has begun leaves it without its end, so that
     * the client sees that something is missing.
     */
    int send(Exchange exchange, Request request, Response response) throws Exception {
        boolean isGet = exchange.method().equals("GET");
        boolean isHead = exchange.method().equals("HEAD");
        var extra = request.answerHeaders();
        for (int i = 0; i < extra.size(); i++) {
            exchange.responseHeader(extra.get(i).name(), extra.get(i).value());
        }
        policies.headers(exchange, request, response);
        if ((isGet || isHead) && response.status() == 200) {
            var tag = response.header("ETag");
            var modified = response.header("Last-Modified");
            if ((tag != null || modified != null) && Conditions.unchanged(request, tag, modified)) {
                return notModified(exchange, response);
            }
        }
        var coding = packings.isEmpty() ? null : coding(exchange, request, response);
        if (isGet && response.body() instanceof FileBody file && response.status() == 200 && coding == null) {
            var header = exchange.header("range");
            var ranges = header == null || !Conditions.rangeHolds(request, file.tag(), file.lastModified())
                    ? null
                    : Ranges.of(header, file.size());
            if (ranges != null) {
                return parts(exchange, request, response, file, ranges);
            }
        }
        headers(exchange, request, response, coding);
        switch (response.body()) {
            case null -> exchange.send(response.status(), new byte[0]);
            case byte[] whole -> exchange.send(response.status(), coding == null ? whole : pack(whole, coding));
            case FileBody file
            when isHead ->
                exchange.stream(response.status(), coding == null ? file.size() : -1)
                        .close();
            case Object _ when isHead -> exchange.stream(response.status()).close();
            case FileBody file -> file(exchange, response.status(), file, coding);
            case Events.Source source -> events(exchange, response.status(), source);
            case WebSocket.Opening opening -> {
                return sockets.serve(exchange, request, opening, NO_LIMIT);
            }
            case Response.BodyWriter writer -> stream(exchange, response.status(), -1, coding, writer);
            case Object other ->
                throw new IllegalStateException("a body of " + other.getClass() + " is not written yet");
        }
        return response.status();
    }

    private static int notModified(Exchange exchange, Response response) {
        for (var header : response.headers()) {
            if (!header.name().regionMatches(true, 0, "Content-", 0, 8)) {
                exchange.responseHeader(header.name(), header.value());
            }
        }
        exchange.send(304, new byte[0]);
        return 304;
    }

    private static void headers(Exchange exchange, Request request, Response response, @Nullable ContentCoding coding) {
        boolean packed = coding != null;
        for (var header : response.headers()) {
            var name = header.name();
            if (packed && name.equalsIgnoreCase("ETag") && !header.value().startsWith("W/")) {
                // Packed it is not the same byte for byte.
                exchange.responseHeader(name, "W/" + header.value());
            } else if (name.equalsIgnoreCase("Location") && isPath(header.value())) {
                // A path of this service, which the client reaches below the prefix that a proxy takes off.
                exchange.responseHeader(name, request.prefix() + header.value());
            } else if (!packed || !name.equalsIgnoreCase("Accept-Ranges")) {
                exchange.responseHeader(name, header.value());
            }
        }
        if (coding != null) {
            exchange.responseHeader("Content-Encoding", coding.name());
        }
    }

    private static boolean isPath(String location) {
        return location.startsWith("/") && !location.startsWith("//");
    }

    // ---- packing ---------------------------------------------------------------------------------------------------

    /** How it is packed: as the client prefers, and of equals by the first. Null where it isn't. */
    private @Nullable ContentCoding coding(Exchange exchange, Request request, Response response) {
        var type = response.header("Content-Type");
        if (type == null || !shrinks(type) || response.header("Content-Encoding") != null) {
            return null;
        }
        var cache = response.header("Cache-Control");
        if (cache != null && cache.contains("no-transform")) {
            return null;
        }
        long size =
                switch (response.body()) {
                    case byte[] bytes -> bytes.length;
                    case FileBody file -> file.size();
                    case Response.BodyWriter _ -> Long.MAX_VALUE;
                    case null, default -> -1;
                };
        boolean varies = false;
        ContentCoding best = null;
        int weight = 0;
        for (var packing : packings) {
            if (size >= packing.above) {
                if (!varies) {
                    exchange.responseHeader("Vary", "Accept-Encoding");
                    varies = true;
                }
                int its = Qualities.of(request.headers("accept-encoding")).ofToken(packing.coding.name());
                if (its > weight) {
                    weight = its;
                    best = packing.coding;
                }
            }
        }
        return exchange.header("range") == null ? best : null;
    }

    /** Whether a media type is text of some kind, and not packed in itself; streams of events wait for no packer. */
    private static boolean shrinks(String contentType) {
        int end = contentType.indexOf(';');
        var type =
                (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        return (type.startsWith("text/") && !type.equals("text/event-stream"))
                || type.endsWith("+json")
                || type.endsWith("+xml")
                || Set.of(
                                "application/json",
                                "application/xml",
                                "application/javascript",
                                "application/yaml",
                                "application/wasm")
                        .contains(type);
    }

    private static byte[] pack(byte[] whole, ContentCoding coding) throws IOException {
        var packed = new ByteArrayOutputStream(whole.length / 2);
        try (var packer = coding.pack(packed)) {
            packer.write(whole);
        }
        return packed.toByteArray();
    }

    // ---- streams ---------------------------------------------------------------------------------------------------

    /** Without try-with-resources: a stream that is closed is complete, and one that failed must not seem so. */
    private static void stream(
            Exchange exchange, int status, long length, @Nullable ContentCoding coding, Response.BodyWriter writer)
            throws IOException {
        var out = exchange.stream(status, length);
        if (coding == null) {
            writer.write(out);
            out.close();
            return;
        }
        var bounded = new Detachable(out);
        var packer = coding.pack(bounded);
        try {
            writer.write(packer);
            packer.close();
        } catch (IOException | RuntimeException | Error failed) {
            bounded.detached = true;
            release(packer, failed);
            throw failed;
        }
    }

    /** What packs holds memory outside the heap, which it gives back when it is closed. */
    private static void release(OutputStream packer, Throwable failed) {
        try {
            packer.close();
        } catch (IOException | RuntimeException again) {
            failed.addSuppressed(again);
        }
    }

    /** Passes on until it is detached, and from then on nothing: not the end either. */
    private static final class Detachable extends FilterOutputStream {
        private boolean detached;

        Detachable(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int one) throws IOException {
            if (!detached) {
                out.write(one);
            }
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            if (!detached) {
                out.write(from, offset, length);
            }
        }

        @Override
        public void flush() throws IOException {
            if (!detached) {
                out.flush();
            }
        }

        @Override
        public void close() throws IOException {
            if (!detached) {
                out.close();
            }
        }
    }

    private void events(Exchange exchange, int status, Events.Source source) throws Exception {
        exchange.timeLimit(NO_LIMIT);
        var out = exchange.stream(status);
        var events = new Events(out, json, time);
        streams.add(events);
        try {
            // Within the process the answer is taken as a whole, so that nobody would ever see what comes later.
            if (ending || exchange instanceof DirectExchange) {
                events.end();
            }
            // The client waits for the head before it says that the stream is open.
            out.flush();
            Context.current().withoutDeadline().call(() -> {
                source.stream(events);
                return true;
            });
            events.flush();
            if (!events.failed()) {
                out.close();
            }
        } finally {
            streams.remove(events);
        }
    }

    // ---- files -----------------------------------------------------------------------------------------------------

    private static void file(Exchange exchange, int status, FileBody file, @Nullable ContentCoding coding)
            throws IOException {
        try (var channel = file.open()) {
            var all = new Ranges.Range(0, file.size() - 1);
            if (file.size() <= SMALL) {
                var bytes = new ByteArrayOutputStream((int) file.size());
                FileBody.copy(channel, all, bytes);
                exchange.send(status, coding == null ? bytes.toByteArray() : pack(bytes.toByteArray(), coding));
            } else {
                stream(
                        exchange,
                        status,
                        coding == null ? file.size() : -1,
                        coding,
                        to -> FileBody.copy(channel, all, to));
            }
        }
    }

    private int parts(Exchange exchange, Request request, Response response, FileBody file, List<Ranges.Range> ranges)
            throws IOException {
        if (ranges.isEmpty()) {
            var problem = Problem.badRequest(
                            "RANGE_NOT_SATISFIABLE", "there are " + file.size() + " bytes, and none of those asked for")
                    .withStatus(416);
            var refusal = ProblemPage.of(problem, request, json);
            exchange.responseHeader("Content-Range", "bytes */" + file.size());
            headers(exchange, request, refusal, null);
            exchange.send(416, (byte[]) java.util.Objects.requireNonNull(refusal.body()));
            return 416;
        }
        boolean single = ranges.size() == 1;
        var boundary = single ? "" : boundary();
        var type = response.header("Content-Type");
        for (var header : response.headers()) {
            if (single || !header.name().equalsIgnoreCase("Content-Type")) {
                exchange.responseHeader(header.name(), header.value());
            }
        }
        if (single) {
            exchange.responseHeader("Content-Range", contentRange(ranges.getFirst(), file.size()));
        } else {
            exchange.responseHeader("Content-Type", "multipart/byteranges; boundary=" + boundary);
        }
        long total = 0;
        for (var range : ranges) {
            total += range.length();
        }
        try (var channel = file.open()) {
            Response.BodyWriter writer = to -> {
                if (single) {
                    FileBody.copy(channel, ranges.getFirst(), to);
                } else {
                    multipart(channel, ranges, file.size(), boundary, type, to);
                }
            };
            if (total <= SMALL) {
                var bytes = new ByteArrayOutputStream((int) total);
                writer.write(bytes);
                exchange.send(206, bytes.toByteArray());
            } else {
                stream(exchange, 206, single ? total : -1, null, writer);
            }
        }
        return 206;
    }

    private static void multipart(
            FileChannel channel,
            List<Ranges.Range> ranges,
            long size,
            String boundary,
            @Nullable String type,
            OutputStream to)
            throws IOException {
        for (var range : ranges) {
            var head = "\r\n--" + boundary + "\r\nContent-Type: " + type + "\r\nContent-Range: "
                    + contentRange(range, size) + "\r\n\r\n";
            to.write(head.getBytes(StandardCharsets.ISO_8859_1));
            FileBody.copy(channel, range, to);
        }
        to.write(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static String contentRange(Ranges.Range range, long size) {
        return "bytes " + range.first() + "-" + range.last() + "/" + size;
    }

    /** Nobody may guess it: what is in the file must not be able to end a part. */
    private static String boundary() {
        var bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
