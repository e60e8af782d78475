package dev.plinth.config;

import java.time.Duration;
import java.util.Optional;

/**
 * A store that has one document of configuration for this service.
 *
 * <p>A backend implements these few blocking calls and nothing else: no threads, no retries, no copies. A store that can't
 * be asked, that has no such document, or that answers garbage throws {@link dev.plinth.remote.RemoteException}, within
 * the time-out that the backend was given. Nothing is opened before the first call. One thread at a time.
 */
public interface BootSource extends AutoCloseable {
    /** What it is and where, for messages: {@code etcd at http://127.0.0.1:2379}. */
    String describe();

    /** What stands before line and column where the place of a value is told: {@code etcd:config/orders}. In one line. */
    String name();

    /** The document as it is now. */
    BootDocument read();

    /**
     * Waits until the document is another than {@code known}, at most {@code most} and the time-out of a call; empty if it
     * is not. It may return early.
     */
    Optional<BootDocument> await(BootDocument known, Duration most) throws InterruptedException;

    /** Lets go of connections. */
    @Override
    void close();
}
