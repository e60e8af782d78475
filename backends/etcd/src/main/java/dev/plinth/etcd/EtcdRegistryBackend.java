package dev.plinth.etcd;

import dev.plinth.discovery.DiscoveryConfig;
import dev.plinth.discovery.Registry;
import dev.plinth.discovery.RegistryBackend;
import dev.plinth.time.Time;

/** {@code discovery: { backend: etcd, endpoints: ["http://127.0.0.1:2379"] }}. */
public final class EtcdRegistryBackend implements RegistryBackend {
    /** For the service loader. */
    public EtcdRegistryBackend() {}

    @Override
    public String name() {
        return "etcd";
    }

    @Override
    public Class<? extends Record> settings() {
        return EtcdSettings.class;
    }

    @Override
    public Registry open(Record settings, DiscoveryConfig discovery, Time time) {
        return new EtcdRegistry((EtcdSettings) settings, discovery.timeout(), time);
    }
}
