package dev.plinth.admin;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.secret.Secret;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * The admin listener, section {@code admin}: it shows and changes what the public must not see.
 *
 * @param host the address to bind. One that is not loopback needs a token.
 * @param port the port to bind; 0 takes a free one
 * @param token what {@code Authorization: Bearer} must carry, except for probes. Without it anybody who reaches the port
 *     may use it.
 * @param hosts names, apart from localhost and plain addresses, by which the listener may be called: the defence
 *     against pages that point a name of theirs at this address
 */
public record AdminConfig(
        @Default("127.0.0.1") @Doc("Address to bind; one that is not loopback needs a token.") String host,
        @Default("8081") @Min(0) @Max(65535) @Doc("Port to bind; 0 takes a free one.") int port,
        @Doc("Bearer token that all but probes need.") Optional<Secret> token,
        @Default("") @Doc("Host names by which the listener may be called, apart from localhost and addresses.")
                List<String> hosts) {
    public AdminConfig {
        if (token.isEmpty() && !isLoopback(host)) {
            throw new IllegalArgumentException(
                    "host: '" + host
                            + "' is not loopback, so admin.token is needed. Set it (from a file or the environment), or bind 127.0.0.1.");
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return host.equals("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException aName) {
            return false;
        }
    }
}
