/** Discovery and configuration in etcd. */
module dev.plinth.etcd {
    requires static transitive org.jspecify;
    requires transitive dev.plinth;

    exports dev.plinth.etcd;

    provides dev.plinth.config.BootBackend with
            dev.plinth.etcd.EtcdBootBackend;
    provides dev.plinth.discovery.RegistryBackend with
            dev.plinth.etcd.EtcdRegistryBackend;
}
