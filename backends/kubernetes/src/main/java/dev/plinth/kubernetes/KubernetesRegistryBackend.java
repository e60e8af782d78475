package dev.plinth.kubernetes;

import dev.plinth.discovery.DiscoveryConfig;
import dev.plinth.discovery.Registry;
import dev.plinth.discovery.RegistryBackend;
import dev.plinth.time.Time;

/** {@code discovery: { backend: kubernetes }}. */
public final class KubernetesRegistryBackend implements RegistryBackend {
    /** For the service loader. */
    public KubernetesRegistryBackend() {}

    @Override
    public String name() {
        return "kubernetes";
    }

    @Override
    public Class<? extends Record> settings() {
        return KubernetesSettings.class;
    }

    @Override
    public Registry open(Record settings, DiscoveryConfig discovery, Time time) {
        return new KubernetesRegistry((KubernetesSettings) settings, discovery.timeout(), time);
    }
}
