package dev.plinth.consul;

import dev.plinth.remote.JsonApi;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.secret.Secret;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Where the configuration is in Consul.
 *
 * @param agent its address
 * @param key whose value is the document
 * @param token of the ACL
 * @param datacenter which one is asked; by default the agent's own
 */
public record ConsulBootSettings(
        @Default("http://127.0.0.1:8500") @Doc("The agent of this machine.") URI agent,
        @NotNull @Doc("Key whose value is the document, such as config/orders.") String key,
        @Doc("Token of the ACL.") Optional<Secret> token,
        @Doc("Which one is asked; by default the agent's own.") Optional<String> datacenter) {
    public ConsulBootSettings {
        JsonApi.requireEndpoints(List.of(agent));
        JsonApi.requireKey(key);
    }
}
