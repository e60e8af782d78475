package dev.plinth.consul;

import dev.plinth.remote.JsonApi;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.secret.Secret;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Where the Consul agent of this machine is.
 *
 * @param agent its address; instances belong to the agent that they were announced to
 * @param token of the ACL
 * @param datacenter whose instances are looked for; by default the agent's own
 */
public record ConsulSettings(
        @Default("http://127.0.0.1:8500") @Doc("The agent of this machine.") URI agent,
        @Doc("Token of the ACL.") Optional<Secret> token,
        @Doc("Whose instances are looked for; by default the agent's own.") Optional<String> datacenter) {
    public ConsulSettings {
        JsonApi.requireEndpoints(List.of(agent));
    }
}
