package dev.plinth.config;

import dev.plinth.schema.Doc;
import java.nio.file.Path;
import java.util.List;

/**
 * Where secrets come from, beside what {@link DecryptionBackend} asks for.
 *
 * @param from folders in which each file is named after a key and holds its value
 */
public record SecretsConfig(
        @Doc("Folders of files that are named after keys, such as settings.api-key, and hold their values.")
                List<Path> from) {
    public SecretsConfig {
        from = List.copyOf(from);
    }
}
