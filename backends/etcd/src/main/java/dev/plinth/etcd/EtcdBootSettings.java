package dev.plinth.etcd;

import dev.plinth.remote.JsonApi;
import dev.plinth.remote.RemoteTls;
import dev.plinth.schema.Doc;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Where the configuration is in etcd.
 *
 * @param endpoints of its members; the first that answers is asked
 * @param key whose value is the document
 * @param user who one is, where etcd has users
 * @param tls whom to trust and what to show, with {@code https}
 */
public record EtcdBootSettings(
        @NotEmpty @Doc("Members of etcd, such as http://127.0.0.1:2379.") List<URI> endpoints,
        @NotNull @Doc("Key whose value is the document, such as config/orders.") String key,
        @Doc("Who one is, where etcd has users.") Optional<EtcdUser> user,
        @Doc("Whom to trust and what to show, with https.") Optional<RemoteTls> tls) {
    public EtcdBootSettings {
        JsonApi.requireEndpoints(endpoints);
        JsonApi.requireKey(key);
    }

    EtcdAccess access() {
        return new EtcdAccess(endpoints, user, tls);
    }
}
