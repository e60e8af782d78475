package dev.plinth.discovery;

import dev.plinth.config.Backend;
import dev.plinth.config.Backends;
import dev.plinth.time.Time;

/** A kind of registry, as {@code discovery.backend} names it. */
public interface RegistryBackend extends Backend {
    /** All kinds that are known. */
    Backends<RegistryBackend> KIND = Backends.of(RegistryBackend.class, BuiltInRegistry.all())
            .published("etcd", "dev.plinth:plinth-etcd")
            .published("consul", "dev.plinth:plinth-consul")
            .published("kubernetes", "dev.plinth:plinth-kubernetes");

    /** A handle that has opened nothing yet; {@code settings} are of the record that {@link #settings()} names. */
    Registry open(Record settings, DiscoveryConfig discovery, Time time);
}
