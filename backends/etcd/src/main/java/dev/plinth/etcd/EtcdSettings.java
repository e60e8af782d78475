package dev.plinth.etcd;

import dev.plinth.remote.JsonApi;
import dev.plinth.remote.RemoteTls;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import jakarta.validation.constraints.NotEmpty;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Where etcd is.
 *
 * @param endpoints of its members; the first that answers is asked
 * @param prefix goes before the keys: {@code PREFIX/SERVICE/ID}
 * @param user who one is, where etcd has users
 * @param tls whom to trust and what to show, with {@code https}
 */
public record EtcdSettings(
        @NotEmpty @Doc("Members of etcd, such as http://127.0.0.1:2379.") List<URI> endpoints,
        @Default("plinth/services") @Doc("What goes before the keys.") String prefix,
        @Doc("Who one is, where etcd has users.") Optional<EtcdUser> user,
        @Doc("Whom to trust and what to show, with https.") Optional<RemoteTls> tls) {
    public EtcdSettings {
        JsonApi.requireEndpoints(endpoints);
        if (prefix.isEmpty() || prefix.endsWith("/")) {
            throw new IllegalArgumentException(
                    "prefix: '" + prefix + "' (expected: a text that does not end with '/')");
        }
    }

    EtcdAccess access() {
        return new EtcdAccess(endpoints, user, tls);
    }
}
