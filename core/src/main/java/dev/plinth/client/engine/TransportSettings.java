package dev.plinth.client.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a transport must know.
 *
 * @param connectTimeout the most that resolving the name, connecting and the handshake of TLS may take together
 * @param poolTimeout the most that a request waits for one of {@code maxConnections} to be free
 * @param maxConnections requests at one time to one target
 * @param idleTimeout how long a connection is kept that nobody uses
 * @param maxHead bytes of status line and headers together
 * @param tls what is trusted and shown; null for the JDK's defaults
 */
public record TransportSettings(
        Duration connectTimeout,
        Duration poolTimeout,
        int maxConnections,
        Duration idleTimeout,
        int maxHead,
        @Nullable Tls tls) {}
