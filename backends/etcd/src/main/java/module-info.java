/** Discovery in etcd. */
module dev.plinth.etcd {
    requires static transitive org.jspecify;
    requires transitive dev.plinth;

    exports dev.plinth.etcd;

    provides dev.plinth.discovery.RegistryBackend with
            dev.plinth.etcd.EtcdRegistryBackend;
}
