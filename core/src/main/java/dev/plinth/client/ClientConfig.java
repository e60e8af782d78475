package dev.plinth.client;

import dev.plinth.schema.ByteSize;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.net.URI;
import java.time.Duration;

/**
 * One service that this one calls, section {@code clients.NAME}.
 *
 * @param url where it is: scheme, host, port, and a path that goes before each call's
 * @param timeout the most that one call may take, the connection included; the caller's deadline may make it less
 * @param connectTimeout the most that making a connection may take
 * @param maxResponse the largest body that is taken in
 */
public record ClientConfig(
        @NotNull @Doc("Where the service is, such as http://pricing:8080.") URI url,
        @Default("5s") @Positive @Doc("The most that one call may take.") Duration timeout,
        @Default("1s") @Positive @Doc("The most that making a connection may take.") Duration connectTimeout,
        @Default("10MiB") @Positive @Doc("The largest body that is taken in.") ByteSize maxResponse) {
    public ClientConfig {
        var scheme = url.getScheme();
        if (url.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException("url: '" + url + "' (expected: http://host:port or https://host:port)");
        }
    }
}
