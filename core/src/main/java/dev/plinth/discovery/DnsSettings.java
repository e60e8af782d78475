package dev.plinth.discovery;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Optional;

/**
 * Where instances stand in the DNS.
 *
 * @param records addresses (A, or AAAA where there is no A), which say no port, or SRV (RFC 2782), which do
 * @param name the full name that is asked for, {@code {service}} in the place of the service: {@code
 *     _http._tcp.{service}.shop.svc.cluster.local}
 * @param port of all instances, with addresses
 * @param scheme of all instances. With {@code https} the names of SRV targets are kept, since certificates hold names; with
 *     {@code http} they are resolved here.
 * @param servers name servers, {@code host} or {@code host:port}; by default those of {@code /etc/resolv.conf}
 */
record DnsSettings(
        @Default("addresses") @Doc("addresses or srv.") Kind records,
        @Default("{service}") @Doc("Full name that is asked for, {service} in the place of the service.") String name,
        @Doc("Port of all instances, with addresses.") Optional<@Min(1) @Max(65535) Integer> port,
        @Default("http") @Pattern(regexp = "https?") @Doc("http or https.") String scheme,
        @Default("") @Doc("Name servers, host or host:port; by default those of /etc/resolv.conf.")
                List<String> servers) {
    /** What is asked for. */
    enum Kind {
        /** A and AAAA. */
        ADDRESSES,
        /** SRV. */
        SRV
    }

    DnsSettings {
        if (!name.contains("{service}")) {
            throw new IllegalArgumentException("name: '" + name + "' (expected: a name with {service} in it)");
        }
        if (records == Kind.ADDRESSES && port.isEmpty()) {
            throw new IllegalArgumentException(
                    "port: addresses say none (expected: 1..65535, or records: srv, which say one)");
        }
        servers.forEach(DnsQuery::server);
    }
}
