package dev.plinth.client.engine;

import dev.plinth.context.Deadline;

/**
 * Sends requests and brings back answers: the whole of what the client asks of an HTTP engine. It keeps connections for
 * each target and knows nothing of retries, redirects, JSON or problems.
 *
 * <p>Thread-safe. Nothing is opened before the first request.
 */
public interface Transport extends AutoCloseable {
    /** One that speaks HTTP/1.1 over connections of its own. */
    static Transport http1(TransportSettings settings) {
        return new Http1Transport(settings);
    }

    /** One that speaks HTTP/2 where the other side does, else HTTP/1.1, by the JDK's client. */
    static Transport http2(TransportSettings settings) {
        return new Http2Transport(settings);
    }

    /**
     * Sends a request and waits for the head of the answer; its body is read by the caller, within the same deadline.
     *
     * @throws Fault if there is no answer, with the kind of failure and whether anything was sent
     */
    Reply send(Outbound request, Target target, Deadline deadline) throws Fault;

    /** Closes all connections, those in use too. */
    @Override
    void close();
}
