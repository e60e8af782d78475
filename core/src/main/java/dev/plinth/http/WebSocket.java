package dev.plinth.http;

import dev.plinth.context.Context;
import dev.plinth.error.Problem;
import dev.plinth.http.WebSocketFrames.Incoming;
import dev.plinth.http.engine.Tunnel;
import dev.plinth.json.Json;
import dev.plinth.json.JsonException;
import dev.plinth.time.Time;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open WebSocket (RFC 6455) to one client.
 *
 * <pre>{@code
 * service.http().webSocket("/orders/live", socket -> {
 *     for (var order : socket.messages(Order.class)) {
 *         socket.send(orders.add(order));
 *     }
 * });
 * }</pre>
 *
 * <p>The handler owns the thread of its request; when it returns the socket is closed. Any thread may {@link #send}, which
 * waits until the client has taken the message, at most {@code web-socket.send-timeout}: a client that doesn't keep up
 * slows its senders, and is cut in the end. What comes in is read ahead up to one message of the largest size; a client
 * that sends faster than the handler takes is slowed too. Pings are answered, and sent, by themselves.
 *
 * <p>The context of the handler is that in which the request was answered, without its deadline. When the service stops
 * the client is told by 1001. When the connection is lost the handler is interrupted; after a close in order it has 10 s
 * to come back before that.
 *
 * <p>Thread-safe, apart from {@link #receive} and {@link #messages}, which are for one thread at a time.
 */
public final class WebSocket {
    /** What a close without a code is said to have had. Never sent. */
    static final int NO_CODE = 1005;
    /** What a connection is said to have ended with that was lost. Never sent. */
    static final int LOST = 1006;

    private static final Logger LOG = LoggerFactory.getLogger(WebSocket.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final int MOST_WAITING = 64;
    private static final int MOST_OF_REASON = 123;

    private final Tunnel tunnel;
    private final WebSocketConfig config;
    private final Json json;
    private final Time time;
    private final Request request;
    private final String protocol;
    private final WebSocketFrames frames;
    private final Thread handler = Thread.currentThread();

    private final ReentrantLock writing = new ReentrantLock();
    private boolean closeSent;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Incoming.Message> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean full;
    private boolean handling = true;
    private boolean interrupted;
    private @Nullable Closed closed;

    WebSocket(Tunnel tunnel, WebSocketConfig config, Json json, Time time, Request request, String protocol) {
        this.tunnel = tunnel;
        this.config = config;
        this.json = json;
        this.time = time;
        this.request = request;
        this.protocol = protocol;
        this.frames = new WebSocketFrames(tunnel, config.maxMessage().bytes(), time);
    }

    /** What serves a socket. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Receives and sends, as long as it likes; when it returns the socket is closed with 1000. A {@link Problem} that
         * it throws closes it with 1008 and the problem's code (1007 for a message that breaks the rules of its record,
         * 1013 for 503), any other exception with 1011, and is logged.
         */
        void handle(WebSocket socket) throws Exception;
    }

    /**
     * Why a socket is closed.
     *
     * @param code as the client has sent it; 1005 where it gave none, 1006 where the connection was lost
     * @param reason as the client has sent it, or what is known
     */
    public record Closed(int code, String reason) {}

    /** An answer that opens a socket. */
    record Opening(Handler handler, String protocol, Context context) {}

    /** Whether a code may be sent (RFC 6455, section 7.4, and the registry of IANA). */
    static boolean isCode(int code) {
        return (code >= 1000 && code <= 1014 && code != 1004 && code != NO_CODE && code != LOST)
                || (code >= 3000 && code <= 4999);
    }

    /** The request that opened it, with its path, query and headers. */
    public Request request() {
        return request;
    }

    /** The sub-protocol that was agreed on; empty where none was. */
    public String protocol() {
        return protocol;
    }

    /** Why it is closed; empty while the client may still send. */
    public Optional<Closed> closed() {
        lock.lock();
        try {
            return Optional.ofNullable(closed);
        } finally {
            lock.unlock();
        }
    }

    // ---- sending ---------------------------------------------------------------------------------------------------

    /**
     * Sends text as it is, bytes as a binary message, anything else as JSON. Waits until the client has taken it. An
     * interrupt while it waits ends the connection.
     *
     * @return whether the socket is still open; after false nothing is sent any more
     * @throws IllegalArgumentException if the message can't be written as JSON
     */
    public boolean send(Object message) {
        return switch (message) {
            case String text -> write(WebSocketFrames.TEXT, text.getBytes(StandardCharsets.UTF_8));
            case byte[] bytes -> write(WebSocketFrames.BINARY, bytes);
            default -> write(WebSocketFrames.TEXT, json.write(message));
        };
    }

    /**
     * Tells the client that nothing more will come. It answers by its own close, and {@link #receive} ends then; what it
     * had sent before is still received. Does nothing where that was told before.
     *
     * @param code 1000 for an ordinary end, 3000 to 4999 for one of your own
     * @param reason at most 123 bytes of UTF-8 are sent
     * @throws IllegalArgumentException if the code may not be sent
     */
    public void close(int code, String reason) {
        if (!isCode(code)) {
            throw new IllegalArgumentException("close code " + code
                    + " (expected: 1000 for an ordinary end, or one of your own from 3000 to 4999)");
        }
        sendClose(code, reason);
    }

    void goAway() {
        sendClose(1001, "the service stops");
    }

    private void sendClose(int code, String reason) {
        var text = reason.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, MOST_OF_REASON);
        while (length > 0 && length < text.length && (text[length] & 0xc0) == 0x80) {
            length--;
        }
        var payload = new byte[code == NO_CODE ? 0 : 2 + length];
        if (payload.length > 0) {
            payload[0] = (byte) (code >> 8);
            payload[1] = (byte) code;
            System.arraycopy(text, 0, payload, 2, length);
        }
        if (write(WebSocketFrames.CLOSE, payload)) {
            time.after(CLOSE_TIMEOUT, this::insist);
        }
    }

    /** After a close in order: a client that has not answered it is cut, a handler that has not come back interrupted. */
    private void insist() {
        if (closed().isEmpty()) {
            lost("the client did not answer the close");
        }
        interruptHandler();
    }

    private boolean write(int opcode, byte[] payload) {
        try {
            if (!writing.tryLock(config.sendTimeout().toNanos(), TimeUnit.NANOSECONDS)) {
                lost("the client took nothing in time");
                return false;
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            lost("a sender was interrupted");
            return false;
        }
        try {
            if (closeSent || isLost()) {
                return false;
            }
            closeSent = opcode == WebSocketFrames.CLOSE;
            var frame = frame(opcode, payload);
            tunnel.write(frame, 0, frame.length, config.sendTimeout());
            return true;
        } catch (IOException gone) {
            LOG.debug("a message could not be sent: {}", gone.toString());
            lost("the client is gone, or took nothing in time");
            return false;
        } finally {
            writing.unlock();
        }
    }

    private static byte[] frame(int opcode, byte[] payload) {
        int length = payload.length;
        int extended = length < 126 ? 0 : length < 1 << 16 ? 2 : 8;
        var frame = new byte[2 + extended + length];
        frame[0] = (byte) (0x80 | opcode);
        frame[1] = (byte) (extended == 0 ? length : extended == 2 ? 126 : 127);
        for (int i = 0; i < extended; i++) {
            frame[2 + i] = (byte) ((long) length >>> (8 * (extended - 1 - i)));
        }
        System.arraycopy(payload, 0, frame, 2 + extended, length);
        return frame;
    }

    // ---- receiving -------------------------------------------------------------------------------------------------

    /**
     * Waits for the next message: as {@code String} or {@code byte[]} what a text or binary message holds, as any other
     * type the JSON of a text, every rule on it checked.
     *
     * @return empty when the socket is closed, see {@link #closed()}
     * @throws Problem 400 {@code VALIDATION_FAILED} with all that is wrong with it; or {@code UNSUPPORTED_MESSAGE} if it is
     *     text where bytes are asked for, or bytes where they are not. The socket stays open if you catch it.
     */
    public <T> Optional<T> receive(Class<T> type) throws InterruptedException {
        var message = take();
        return message == null ? Optional.empty() : Optional.of(read(message, type));
    }

    /** The messages that come, to the end of the socket; each step does what {@link #receive} does. */
    public <T> Iterable<T> messages(Class<T> type) {
        return () -> new Iterator<>() {
            private @Nullable T next;

            @Override
            public boolean hasNext() {
                try {
                    next = next == null ? receive(type).orElse(null) : next;
                    return next != null;
                } catch (InterruptedException lost) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }

            @Override
            public T next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("the socket is closed");
                }
                var message = Objects.requireNonNull(next);
                next = null;
                return message;
            }
        };
    }

    /** Waits until the socket is closed, and passes over what the client sends: where others send and nobody asks. */
    public void await() throws InterruptedException {
        while (take() != null) {
            // Not wanted.
        }
    }

    private Incoming.@Nullable Message take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty() && closed == null) {
                changed.await();
            }
            var message = waiting.poll();
            if (message != null) {
                waitingBytes -= message.bytes().length;
                changed.signalAll();
            }
            return message;
        } finally {
            lock.unlock();
        }
    }

    private <T> T read(Incoming.Message message, Class<T> type) {
        if (message.text() == (type == byte[].class)) {
            throw Problem.badRequest(
                    "UNSUPPORTED_MESSAGE", message.text() ? "text (expected: bytes)" : "bytes (expected: text)");
        }
        if (type == byte[].class) {
            return type.cast(message.bytes());
        }
        if (type == String.class) {
            return type.cast(new String(message.bytes(), StandardCharsets.UTF_8));
        }
        try {
            return json.read(message.bytes(), type);
        } catch (JsonException refused) {
            throw Problem.invalid(refused.violations());
        }
    }

    // ---- the connection --------------------------------------------------------------------------------------------

    /** Runs the handler, on the thread of the request, and closes. */
    void serve(Handler how, Context context) throws Exception {
        var reader = Thread.ofVirtual().name(handler.getName() + "-reader").start(this::read);
        var beat = new Beat();
        Exception failure = null;
        try {
            context.call(() -> {
                how.handle(this);
                return true;
            });
        } catch (Exception thrown) {
            failure = thrown;
        } finally {
            boolean cut = handled();
            beat.stop();
            if (cut && failure != null) {
                LOG.debug("the handler ended with its client", failure);
                failure = null;
            }
            end(failure);
            join(reader);
            hangUp();
        }
        if (failure != null && !(failure instanceof Problem)) {
            throw failure;
        }
    }

    /** From here on the handler is not interrupted any more; whether it was. */
    private boolean handled() {
        lock.lock();
        try {
            handling = false;
            waiting.clear();
            changed.signalAll();
            Thread.interrupted();
            return interrupted;
        } finally {
            lock.unlock();
        }
    }

    private void end(@Nullable Exception failure) {
        switch (failure) {
            case null -> sendClose(1000, "");
            case Problem problem -> {
                LOG.debug("the handler refused with {}", problem.getMessage());
                sendClose(code(problem), problem.code());
            }
            default -> sendClose(1011, "INTERNAL_ERROR");
        }
    }

    private static int code(Problem problem) {
        if (problem.status() >= 500) {
            return problem.status() == 503 ? 1013 : 1011;
        }
        return problem.code().equals("VALIDATION_FAILED") ? WebSocketError.BAD_DATA : WebSocketError.POLICY;
    }

    private void hangUp() {
        if (!isLost()) {
            try {
                tunnel.end();
            } catch (IOException gone) {
                LOG.debug("the client did not wait for the end: {}", gone.toString());
            }
        }
    }

    private static void join(Thread reader) {
        boolean again = false;
        while (true) {
            try {
                reader.join();
                break;
            } catch (InterruptedException cut) {
                // The channel was closed before, so that the reader ends too.
                again = true;
            }
        }
        if (again) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try {
            while (true) {
                switch (frames.next()) {
                    case null -> {
                        lost("the client ended the connection");
                        return;
                    }
                    case Incoming.Message message -> put(message);
                    case Incoming.Ping ping -> write(WebSocketFrames.PONG, ping.payload());
                    case Incoming.Pong _ -> {}
                    case Incoming.Close(int code, String reason) -> {
                        closed(new Closed(code, reason));
                        sendClose(code, "");
                        return;
                    }
                }
            }
        } catch (WebSocketError wrong) {
            LOG.debug("a client is sent away: {}", wrong.reason());
            sendClose(wrong.code(), wrong.reason());
            closed(new Closed(wrong.code(), wrong.reason()));
            interruptHandler();
        } catch (IOException gone) {
            LOG.debug("the connection was lost: {}", gone.toString());
            lost("the connection was lost");
        } catch (InterruptedException never) {
            lost("the reader was interrupted");
        }
    }

    /** Hands a message over, and waits where too much is waiting already. */
    private void put(Incoming.Message message) throws InterruptedException {
        lock.lock();
        try {
            while (handling
                    && closed == null
                    && !waiting.isEmpty()
                    && (waiting.size() >= MOST_WAITING
                            || waitingBytes + message.bytes().length
                                    > config.maxMessage().bytes())) {
                full = true;
                changed.await();
            }
            full = false;
            if (handling) {
                waiting.add(message);
                waitingBytes += message.bytes().length;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isLost() {
        return closed().filter(how -> how.code() == LOST).isPresent();
    }

    private void lost(String why) {
        closed(new Closed(LOST, why));
        tunnel.cut();
        interruptHandler();
    }

    private void closed(Closed how) {
        lock.lock();
        try {
            if (closed == null) {
                closed = how;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void interruptHandler() {
        lock.lock();
        try {
            if (handling && !interrupted && !Thread.currentThread().equals(handler)) {
                interrupted = true;
                handler.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Asks a silent client whether it is there. */
    private final class Beat implements Runnable {
        private volatile boolean over;
        private volatile Time.Timer timer = next();

        private Time.Timer next() {
            return time.after(config.pingInterval(), this);
        }

        @Override
        public void run() {
            if (over || closed().isPresent()) {
                return;
            }
            long silent = isFull() ? 0 : time.nanos() - frames.heardAt();
            if (silent >= config.pingInterval().plus(config.pingTimeout()).toNanos()) {
                lost("the client answers no ping");
                return;
            }
            if (silent >= config.pingInterval().toNanos()) {
                write(WebSocketFrames.PING, new byte[0]);
            }
            timer = next();
        }

        /** Whether it is this side that does not listen. */
        private boolean isFull() {
            lock.lock();
            try {
                return full;
            } finally {
                lock.unlock();
            }
        }

        void stop() {
            over = true;
            timer.cancel();
        }
    }
}
