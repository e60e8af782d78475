package dev.plinth.http;

import dev.plinth.schema.AddressBlock;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import java.net.InetAddress;
import java.util.List;

/**
 * The proxies in front of a listener, key {@code proxies}: without one that is trusted, what a request says of its way is
 * ignored.
 *
 * @param trusted their addresses. Choose those that no client can have: the proxies' own, not the whole network.
 * @param headers what they write, each of them over whatever the client has sent. Name no header that yours passes on as it
 *     came: a client could say with it what it likes.
 * @param stripPrefix whether the prefix that they name is still at the begin of the path, and to be taken off here. Leave
 *     it off where the proxy takes it off: a client could name it twice, and pass by the proxy's own rules for paths.
 * @param protocol whether each connection begins with a header of the PROXY protocol, version 1 or 2. Where it is
 *     required, connections of others than the trusted are closed.
 */
public record ProxiesConfig(
        @Default("") @Doc("Addresses of the proxies, such as 10.0.0.7 or 10.0.0.0/8.") List<AddressBlock> trusted,
        @Default("x-forwarded-for, x-forwarded-proto") @Doc("What they write, over whatever the client has sent.")
                List<ForwardedHeader> headers,
        @Default("false") @Doc("Whether the prefix that they name is still to be taken off the path.")
                boolean stripPrefix,
        @Default("off") @Doc("Whether each connection begins with a header of the PROXY protocol.")
                ProxyProtocol protocol) {
    /** Whether the PROXY protocol is spoken. */
    public enum ProxyProtocol {
        OFF,
        REQUIRED
    }

    public ProxiesConfig {
        if (headers.contains(ForwardedHeader.FORWARDED) && headers.stream().anyMatch(ForwardedHeader::isUsual)) {
            throw new IllegalArgumentException(
                    "headers: forwarded and x-forwarded-... say the same, and what one of them"
                            + " says a client could say by the other. Name those that the proxy writes.");
        }
        if (protocol == ProxyProtocol.REQUIRED && trusted.isEmpty()) {
            throw new IllegalArgumentException(
                    "protocol: required needs the addresses of the proxies, since nobody else could connect (trusted)");
        }
    }

    /** Whether it is one of them. */
    boolean trusts(InetAddress address) {
        for (var block : trusted) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
