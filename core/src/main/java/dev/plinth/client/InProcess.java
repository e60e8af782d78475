package dev.plinth.client;

import java.util.List;

/**
 * A service of this process that answers calls without a socket between: for tests, and for several services in one
 * process. Headers carry deadline and trace as they do on the wire. Thread-safe.
 */
@FunctionalInterface
public interface InProcess {
    /**
     * Answers a request.
     *
     * @param target path and query, encoded
     * @param headers names and values in turn
     */
    Received call(String method, String target, List<String> headers, byte[] body);

    /**
     * The answer.
     *
     * @param headers names in lower case and values, in turn
     */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares answers.
    record Received(int status, List<String> headers, byte[] body) {}
}
