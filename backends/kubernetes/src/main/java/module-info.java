/** Discovery in Kubernetes. */
module dev.plinth.kubernetes {
    requires static transitive org.jspecify;
    requires transitive dev.plinth;

    exports dev.plinth.kubernetes;

    provides dev.plinth.discovery.RegistryBackend with
            dev.plinth.kubernetes.KubernetesRegistryBackend;
}
