package dev.plinth.http.engine;

import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * What the engine must know of one listener.
 *
 * @param name the listener's name, in threads and messages
 * @param host the address to bind
 * @param port the port to bind; 0 takes a free one
 * @param backlog connections that the system holds before they are accepted
 * @param maxConnections connections at one time; further ones wait in the backlog
 * @param maxHeaderBytes bytes of request line and headers together; more is refused with 431 (414 if the line alone has
 *     more)
 * @param maxBodyBytes bytes of a body; for more its reads throw {@link BodyTooLargeException}
 * @param http2 whether HTTP/2 is spoken with clients that begin with it
 * @param http2Upgrade whether a request of HTTP/1.1 in clear text may ask for HTTP/2
 * @param readTimeout how long the head of a request may take in all, from its first byte (for the first one of a
 *     connection: from the connection's begin), and how long one wait for bytes of a body, or for the client to take
 *     bytes of an answer, may last
 * @param idleTimeout how long a kept connection may wait for its next request
 * @param tls makes the TLS of each connection, ready but for the application protocols; null for clear text
 * @param unix a Unix domain socket beside the port or instead of it, on which TLS is not spoken; null for none
 * @param proxies whose connections begin with a header of the PROXY protocol; all others are closed. Null where none is
 *     expected.
 * @param bounds what one request may bring, and how slowly
 */
public record ListenerSettings(
        String name,
        String host,
        int port,
        int backlog,
        int maxConnections,
        int maxHeaderBytes,
        long maxBodyBytes,
        boolean http2,
        boolean http2Upgrade,
        Duration readTimeout,
        Duration idleTimeout,
        @Nullable Supplier<SSLEngine> tls,
        @Nullable UnixSocketSettings unix,
        @Nullable Predicate<InetAddress> proxies,
        Bounds bounds) {
    /**
     * What one request may bring, and how slowly.
     *
     * @param maxLineBytes bytes of the request line (HTTP/2: of the path); more is refused with 414
     * @param maxHeaders number of headers; more is refused with 431
     * @param minRate bytes a second that the client must send of a body, or take of one piece of an answer, as soon as
     *     it has been waited for as long as the read time-out; 0 asks for none
     */
    public record Bounds(int maxLineBytes, int maxHeaders, long minRate) {
        /** 8 KiB, 100 headers, 1 KiB a second. */
        public static final Bounds STANDARD = new Bounds(8 * 1024, 100, 1024);
    }

    /** One on a port, with clients at the other end, and the standard bounds. */
    public ListenerSettings(
            String name,
            String host,
            int port,
            int backlog,
            int maxConnections,
            int maxHeaderBytes,
            long maxBodyBytes,
            boolean http2,
            boolean http2Upgrade,
            Duration readTimeout,
            Duration idleTimeout,
            @Nullable Supplier<SSLEngine> tls) {
        this(
                name,
                host,
                port,
                backlog,
                maxConnections,
                maxHeaderBytes,
                maxBodyBytes,
                http2,
                http2Upgrade,
                readTimeout,
                idleTimeout,
                tls,
                null,
                null,
                Bounds.STANDARD);
    }
}
