package dev.plinth.log;

import java.io.IOException;
import java.util.List;

/**
 * Where records go. The chassis has standard output and a file; others are added with {@link Logs#add}.
 *
 * <p>One thread at a time calls it, never one that serves a request. While it blocks, records pile up in the bounded
 * queue, for all sinks. What it logs itself while it writes is discarded, so that it can't feed itself.
 */
public interface Sink extends AutoCloseable {
    /**
     * Writes records in their order.
     *
     * @param records at least one; valid during the call only
     * @throws Exception if it can't now: these records count as lost, it is said once on standard error, and the next
     *     ones are offered again
     */
    void write(List<LogRecord> records) throws Exception;

    /** Called once, after the last {@link #write}. */
    @Override
    default void close() throws IOException {}
}
