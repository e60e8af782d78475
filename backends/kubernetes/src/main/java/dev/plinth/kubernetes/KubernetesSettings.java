package dev.plinth.kubernetes;

import dev.plinth.remote.JsonApi;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the API of Kubernetes is, and which of its services are meant.
 *
 * @param server the API; what holds inside a pod unless told otherwise
 * @param namespace of the services; the pod's own unless told otherwise
 * @param port the name of the port that is called, where a service has several
 * @param scheme of the instances; a port named {@code https} is that anyway
 * @param tokenFile the account's token, read for each call since it is changed from time to time
 * @param caFile the certificate of the API
 */
public record KubernetesSettings(
        @Default("https://kubernetes.default.svc") @Doc("The API; this one inside a pod.") URI server,
        @Doc("Namespace of the services; the pod's own unless told otherwise.") Optional<String> namespace,
        @Doc("Name of the port that is called, where a service has several.") Optional<String> port,
        @Default("http") @Pattern(regexp = "https?") @Doc("http or https.") String scheme,
        @Default("/var/run/secrets/kubernetes.io/serviceaccount/token") @Doc("The account's token.") Path tokenFile,
        @Default("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt") @Doc("The certificate of the API.")
                Path caFile) {
    public KubernetesSettings {
        JsonApi.requireEndpoints(List.of(server));
    }
}
