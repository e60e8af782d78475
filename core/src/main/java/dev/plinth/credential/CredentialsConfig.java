package dev.plinth.credential;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where credentials are looked up, section {@code credentials}.
 *
 * @param stored by their keys, in the configuration itself
 * @param folder with a folder for each key and a file for each part: {@code warehouse/username}, {@code warehouse/password}; how
 *     Kubernetes and Docker mount secrets
 * @param file JSON, an object with one object a key: {@code {"warehouse": {"username": "shop", "password": "…"}}}
 * @param environment the beginning of the variables: with {@code CREDENTIAL_} it is {@code CREDENTIAL_WAREHOUSE_PASSWORD}
 */
public record CredentialsConfig(
        @Default("") @Doc("Credentials by key, in the configuration itself.") Map<String, Credential> stored,
        @Doc("Folder with a folder for each key and a file for each part.") Optional<Path> folder,
        @Doc("JSON file, an object with one object a key.") Optional<Path> file,
        @Doc("Beginning of the variables that hold credentials, such as CREDENTIAL_.") Optional<String> environment) {
    public CredentialsConfig {
        stored.keySet().forEach(Credentials::requireKey);
        if (environment.isPresent()
                && (!environment.get().matches("[A-Z][A-Z0-9_]*_")
                        || environment.get().startsWith("PLINTH_"))) {
            throw new IllegalArgumentException("environment: '" + environment.get()
                    + "' (expected: capitals that end with _, and not PLINTH_, such as CREDENTIAL_)");
        }
    }
}
