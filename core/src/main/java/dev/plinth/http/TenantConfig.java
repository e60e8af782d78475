package dev.plinth.http;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import java.util.Optional;

/**
 * On behalf of which customer a request is, key {@code tenant} of a listener.
 *
 * @param header the header that says so; without it none is read. Whoever can set it chooses the tenant: let the gateway
 *     in front overwrite it, or check it against the principal.
 * @param required whether a request without it is refused
 */
public record TenantConfig(
        @Doc("Header that names the tenant, such as X-Tenant-ID; without it none is read.") Optional<String> header,
        @Default("false") @Doc("Whether a request without it is refused with 400.") boolean required) {}
