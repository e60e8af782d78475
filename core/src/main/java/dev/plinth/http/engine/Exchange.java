package dev.plinth.http.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One request and the way to answer it, as the engine hands them over: nothing decoded, nothing judged beyond what HTTP
 * itself demands. Used by the thread that the handler was called on, alone, until the handler returns.
 */
public interface Exchange {
    /** The method as it was sent. */
    String method();

    /** The path as it was sent, percent-encoded, without the query; begins with a slash, or is {@code *} for OPTIONS. */
    String path();

    /** The query as it was sent, without the question mark; empty where there is none. */
    String query();

    /** The first value of a header, by a name in lower case. */
    @Nullable
    String header(String lowerCaseName);

    /** All values of a header, by a name in lower case. */
    List<String> headers(String lowerCaseName);

    /** Gives each header, the name in lower case, value by value. */
    void eachHeader(BiConsumer<String, String> to);

    /** The declared length of the body; 0 where there is none, -1 where it is not known. */
    long contentLength();

    /**
     * The body; empty where there is none. Reading it waits for the client, and asks for it where the client awaits
     * that ({@code Expect: 100-continue}). After a failure the connection is closed behind the answer.
     *
     * <p>Its reads throw {@link BodyTooLargeException} for more than {@link ListenerSettings#maxBodyBytes()}, also where
     * only the declared length is; {@link java.net.SocketTimeoutException} when the client is too slow for the listener's
     * read time-out or {@link #timeLimit}; {@link java.net.ProtocolException} when its chunks are malformed;
     * {@link java.io.EOFException} when the client ends it early; any other {@link IOException} when the connection is
     * broken.
     */
    InputStream body();

    /**
     * Bounds the waits on the socket for this request, from now. Reads end by then with
     * {@link java.net.SocketTimeoutException}; writes too, but a second is left to each, so that the answer to a request
     * that is late can still be sent. The listener's read time-out bounds each single wait in any case.
     */
    void timeLimit(Duration limit);

    /**
     * Where threads wait for a processor, waits until those that are ready have got as far as this: so all who ask have
     * been seen before the work for any is begun. An interrupt ends it.
     */
    default void awaitTurn() {}

    /** The user whose process is at the other end of a Unix socket; empty over TCP, and where the system doesn't say. */
    default String peerUser() {
        return "";
    }

    /** Who sent it, as the socket says, or a proxy by the PROXY protocol; over a Unix socket the loopback address. */
    InetSocketAddress peer();

    /** Whether it came over TLS. */
    boolean secure();

    /** The client's certificates where the listener asked for them and judged them, its own first; else empty. */
    List<X509Certificate> certificates();

    /**
     * Adds a header to the answer. {@code Content-Length}, {@code Transfer-Encoding}, {@code Connection},
     * {@code Keep-Alive}, {@code Upgrade} and {@code Date} are the engine's own.
     *
     * @throws IllegalArgumentException if the name is no token, the value holds what HTTP can't carry (control
     *     characters, anything beyond ISO 8859-1), or the header is the engine's own
     */
    void responseHeader(String name, String value);

    /**
     * Asks that the connection is closed after this answer: {@code Connection: close} on HTTP/1.1. On HTTP/2
     * the client is asked to open no more streams on this connection; those that it has opened are answered.
     */
    void closeConnection();

    /**
     * Answers with a whole body, which may be empty; for HEAD its length alone is sent, for 204, 205 and 304 nothing
     * of it.
     *
     * @param status 200..599
     * @throws java.io.UncheckedIOException if the client is gone or takes nothing
     */
    void send(int status, byte[] body);

    /**
     * Answers with a body of unknown length. What is written is sent when 8 KiB are there, and at each flush. The caller
     * closes the stream when, and only when, the answer is complete: if the handler returns without that, the client is
     * shown that something is missing (HTTP/1.1: the connection is cut, HTTP/2: the stream is reset).
     *
     * @param status 200..599
     */
    OutputStream stream(int status) throws IOException;

    /**
     * Answers with a body of a known length, which for HEAD is all that is sent of it; otherwise as
     * {@link #stream(int)}. A body that turns out longer or shorter is an error, and the client shown that it isn't
     * complete.
     *
     * @param status 200..599, of an answer that has a body
     * @param length -1 where it is not known
     */
    default OutputStream stream(int status, long length) throws IOException {
        return stream(status);
    }

    /**
     * Whether the client is known to have gone, or to want no answer any more: HTTP/2 says so at once, and interrupts the
     * thread of the handler; HTTP/1 only shows it at the next write.
     */
    default boolean gone() {
        return false;
    }

    /** Whether the request asks to go on with another protocol ({@code Upgrade}) and can. */
    default boolean asksFor(String protocol) {
        return false;
    }

    /**
     * Answers with 101: from here on the connection speaks that protocol, by what is returned, until the handler returns.
     * To be called where {@link #asksFor} is true.
     */
    default Tunnel upgrade(String protocol) throws IOException {
        throw new IllegalStateException("the client has not asked for " + protocol);
    }

    /** Whether an answer has begun, so that no other can be given. */
    boolean answered();
}
