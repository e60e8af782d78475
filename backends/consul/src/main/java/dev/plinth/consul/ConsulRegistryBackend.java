package dev.plinth.consul;

import dev.plinth.discovery.DiscoveryConfig;
import dev.plinth.discovery.Registry;
import dev.plinth.discovery.RegistryBackend;
import dev.plinth.time.Time;

/** {@code discovery: { backend: consul }}. */
public final class ConsulRegistryBackend implements RegistryBackend {
    /** For the service loader. */
    public ConsulRegistryBackend() {}

    @Override
    public String name() {
        return "consul";
    }

    @Override
    public Class<? extends Record> settings() {
        return ConsulSettings.class;
    }

    @Override
    public Registry open(Record settings, DiscoveryConfig discovery, Time time) {
        return new ConsulRegistry((ConsulSettings) settings, discovery.timeout(), time);
    }
}
