package dev.plinth.http;

import dev.plinth.json.Json;
import dev.plinth.time.Time;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * An open stream of server-sent events to one client.
 *
 * <pre>{@code
 * .get("/orders/events", request -> Response.events(events -> {
 *     try (var subscription = feed.subscribe(request.header("Last-Event-ID"), events::send)) {
 *         events.await();
 *     }
 * }))
 * }</pre>
 *
 * <p>The thread of the request writes; other threads hand over what they {@link #send}, which never blocks them. A client
 * that doesn't keep up, and leaves {@value #MOST_WAITING} events waiting, is cut: it comes back by itself and names the
 * last id that it has seen, so that nothing is lost where the source can resume. While nothing is sent for 15 s a comment
 * goes out, which keeps proxies from closing, and shows whether the client is still there. When the service stops, the
 * stream ends in order.
 *
 * <p>Thread-safe, apart from {@link #await()}.
 */
public final class Events {
    static final int MOST_WAITING = 1024;
    static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    /** What stands among the events that wait, for the writer alone. */
    private enum Signal {
        BEAT,
        END
    }

    private final Json json;
    private final Time time;
    private final OutputStream out;
    private final Thread writer = Thread.currentThread();
    private final ArrayBlockingQueue<Object> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private volatile boolean open = true;
    private volatile boolean overrun;
    private boolean failed;
    private long lastWrite;

    Events(OutputStream out, Json json, Time time) {
        this.out = out;
        this.json = json;
        this.time = time;
        this.lastWrite = time.nanos();
    }

    /** What fills a stream. */
    @FunctionalInterface
    public interface Source {
        /**
         * Sends, as long as it likes; the stream ends when this returns. What it throws breaks the connection, so that the
         * client comes back.
         */
        void stream(Events events) throws Exception;
    }

    /** Sends data alone: text as it is, anything else as JSON. Returns whether the stream is still open. */
    public boolean send(Object data) {
        return send(data instanceof Event event ? event : Event.of(data));
    }

    /**
     * Sends an event. On the request's own thread it is written at once, on others it is handed over.
     *
     * @return whether the stream is still open; after false nothing is sent any more
     * @throws IllegalArgumentException if the data can't be written as JSON
     */
    public boolean send(Event event) {
        var bytes = encode(event);
        if (Thread.currentThread().equals(writer)) {
            return flush() && write(bytes);
        }
        if (open && !waiting.offer(bytes)) {
            overrun = true;
            open = false;
        }
        return open;
    }

    /** Whether the client can't have got all that was sent. */
    boolean failed() {
        return failed || overrun;
    }

    /** Whether the client is there, as far as is known, and the service isn't stopping. */
    public boolean isOpen() {
        return open;
    }

    /**
     * Writes what other threads send, until the client is gone, is too slow, or the service stops. To be called by the
     * request's own thread.
     */
    public void await() throws InterruptedException {
        if (!Thread.currentThread().equals(writer)) {
            throw new IllegalStateException("await() is for the thread of the request");
        }
        Time.Timer timer = beat();
        try {
            while (open) {
                var next = waiting.take();
                if (next == Signal.BEAT) {
                    timer = beat();
                    if (time.nanos() - lastWrite >= HEARTBEAT.toNanos()) {
                        write(COMMENT);
                    }
                } else if (next instanceof byte[] event) {
                    write(event);
                }
            }
        } finally {
            timer.cancel();
        }
    }

    private Time.Timer beat() {
        return time.after(HEARTBEAT, () -> waiting.offer(Signal.BEAT));
    }

    /** Ends it in order; {@link #await()} returns. */
    void end() {
        open = false;
        waiting.offer(Signal.END);
    }

    /** Writes what other threads have handed over; whether it is still open. */
    boolean flush() {
        for (var next = waiting.poll(); next != null; next = waiting.poll()) {
            if (next instanceof byte[] event && !write(event)) {
                return false;
            }
        }
        return open;
    }

    private boolean write(byte[] bytes) {
        if (!open) {
            return false;
        }
        lastWrite = time.nanos();
        try {
            out.write(bytes);
            if (waiting.isEmpty()) {
                out.flush();
            }
            return true;
        } catch (IOException | UncheckedIOException gone) {
            open = false;
            failed = true;
            return false;
        }
    }

    private byte[] encode(Event event) {
        var text = new StringBuilder();
        field(text, "id", event.id());
        field(text, "event", event.name());
        if (event.retry() != null) {
            field(text, "retry", Long.toString(event.retry().toMillis()));
        }
        var data = event.data() instanceof String line
                ? line
                : new String(json.write(event.data()), StandardCharsets.UTF_8);
        // Each of its lines is a field of its own: an end of line in the data never begins another field.
        int from = 0;
        for (int i = 0; i <= data.length(); i++) {
            if (i == data.length() || data.charAt(i) == '\n' || data.charAt(i) == '\r') {
                field(text, "data", data.substring(from, i));
                if (i + 1 < data.length() && data.charAt(i) == '\r' && data.charAt(i + 1) == '\n') {
                    i++;
                }
                from = i + 1;
            }
        }
        return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void field(StringBuilder text, String name, @Nullable String value) {
        if (value != null) {
            text.append(name).append(": ").append(value).append('\n');
        }
    }
}
