package dev.plinth.discovery;

import dev.plinth.remote.JsonApi;
import dev.plinth.schema.Doc;
import dev.plinth.secret.Secret;
import dev.plinth.time.Time;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The registries that need nothing but core. */
record BuiltInRegistry(String name, Class<? extends Record> settings, Opener opener) implements RegistryBackend {
    /** Makes the handle. */
    @FunctionalInterface
    interface Opener {
        Registry open(Record settings, DiscoveryConfig discovery, Time time);
    }

    static RegistryBackend[] all() {
        return new RegistryBackend[] {
            new BuiltInRegistry("none", None.class, (_, _, time) -> StaticRegistry.none(time)),
            new BuiltInRegistry(
                    "static",
                    Listed.class,
                    (settings, _, time) -> new StaticRegistry(((Listed) settings).services, time)),
            new BuiltInRegistry("memory", None.class, (_, _, _) -> MemoryRegistry.ofProcess()),
            new BuiltInRegistry(
                    "file", Folder.class, (settings, _, time) -> new FileRegistry(((Folder) settings).folder, time)),
            new BuiltInRegistry(
                    "dns",
                    DnsSettings.class,
                    (settings, discovery, time) -> new DnsRegistry((DnsSettings) settings, discovery.timeout(), time)),
            new BuiltInRegistry(
                    "rest", Rest.class, (settings, discovery, time) -> rest((Rest) settings, discovery, time))
        };
    }

    @Override
    public Registry open(Record given, DiscoveryConfig discovery, Time time) {
        return opener.open(given, discovery, time);
    }

    private static Registry rest(Rest settings, DiscoveryConfig discovery, Time time) {
        var api = new JsonApi("registry", settings.endpoints, discovery.timeout(), time);
        settings.token.ifPresent(token -> api.header("Authorization", () -> "Bearer " + token.reveal()));
        return new RestRegistry(api, discovery.timeout());
    }

    /** Nothing to be said. */
    record None() {}

    /**
     * A list.
     *
     * @param services the addresses of each service's instances
     */
    record Listed(
            @NotNull @Doc("Addresses by service, such as pricing: [http://10.0.0.7:8080].")
                    Map<String, List<URI>> services) {
        Listed {
            services.forEach(StaticRegistry::instances);
        }
    }

    /**
     * A folder.
     *
     * @param folder that all processes see
     */
    record Folder(@NotNull @Doc("Folder that all processes see.") Path folder) {}

    /**
     * A registry that another Plinth service serves.
     *
     * @param endpoints where its routes are
     * @param token that it wants
     */
    record Rest(
            @NotEmpty @Doc("Where the routes are, such as http://registry:8080/registry.") List<URI> endpoints,
            @Doc("Token that the registry wants.") Optional<Secret> token) {
        Rest {
            JsonApi.requireEndpoints(endpoints);
        }
    }
}
