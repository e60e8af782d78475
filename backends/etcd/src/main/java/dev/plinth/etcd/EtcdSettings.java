package dev.plinth.etcd;

import dev.plinth.remote.JsonApi;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import jakarta.validation.constraints.NotEmpty;
import java.net.URI;
import java.util.List;

/**
 * Where etcd is.
 *
 * @param endpoints of its members; the first that answers is asked
 * @param prefix goes before the keys: {@code PREFIX/SERVICE/ID}
 */
public record EtcdSettings(
        @NotEmpty @Doc("Members of etcd, such as http://127.0.0.1:2379.") List<URI> endpoints,
        @Default("plinth/services") @Doc("What goes before the keys.") String prefix) {
    public EtcdSettings {
        JsonApi.requireEndpoints(endpoints);
        if (prefix.isEmpty() || prefix.endsWith("/")) {
            throw new IllegalArgumentException(
                    "prefix: '" + prefix + "' (expected: a text that does not end with '/')");
        }
    }
}
