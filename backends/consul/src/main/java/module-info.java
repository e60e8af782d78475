/** Discovery and configuration in Consul. */
module dev.plinth.consul {
    requires static transitive org.jspecify;
    requires transitive dev.plinth;

    exports dev.plinth.consul;

    provides dev.plinth.config.BootBackend with
            dev.plinth.consul.ConsulBootBackend;
    provides dev.plinth.discovery.RegistryBackend with
            dev.plinth.consul.ConsulRegistryBackend;
}
