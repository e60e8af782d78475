package dev.plinth.http.engine;

import java.io.IOException;
import java.time.Duration;

/**
 * One open listener: a socket and the threads behind it. The whole of what the chassis asks of an HTTP engine.
 *
 * <p>Thread-safe. Its threads are daemons: what keeps the process alive is for the caller to say.
 */
public interface Engine {
    /**
     * Binds the listener; {@code handler} is called for each request on a virtual thread of the connection's (HTTP/2: of
     * the stream's).
     *
     * @throws IOException if the address can't be bound
     */
    static Engine open(ListenerSettings settings, ExchangeHandler handler) throws IOException {
        return SocketEngine.open(settings, handler);
    }

    /** The reason phrase of a status, {@code Not Found}; empty for one that is not in the registry. */
    static String phrase(int status) {
        return Status.phrase(status);
    }

    /** The port that was bound. */
    int port();

    /** Whether threads wait for a processor: what has just begun to run would have had to. */
    boolean isBusy();

    /**
     * Takes no new connections from now on; those that are there live on. Connections that the system has completed by
     * now are still taken, and then the socket is closed, before this returns.
     */
    void stopAccepting();

    /**
     * Stops accepting, closes idle connections at once, lets those with a request finish it until {@code grace} is over,
     * and then cuts them and interrupts their threads. Returns when all are gone, or a second after the cut where a
     * handler ignores the interrupt. Not to be called by a handler, which it would wait for.
     */
    void close(Duration grace);

    /** What answers an exchange. */
    @FunctionalInterface
    interface ExchangeHandler {
        /**
         * Answers. It must not throw and must not return unanswered: the client gets a bare 500 then, or a cut
         * connection if an answer has begun.
         */
        void handle(Exchange exchange);
    }
}
