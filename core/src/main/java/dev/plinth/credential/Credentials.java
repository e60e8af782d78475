package dev.plinth.credential;

import dev.plinth.json.Json;
import dev.plinth.json.JsonException;
import dev.plinth.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Credentials looked up by key: in the configuration, in mounted secrets, in a file, in the environment, in this order. The first
 * place that has the key is taken whole, so that no user gets another's password. Every look-up reads anew, so a secret that was
 * changed is seen by the next one. Thread-safe.
 */
public final class Credentials {
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private final CredentialsConfig config;
    private final Map<String, String> variables;

    /** Those of {@code config}; {@code variables} are the environment. */
    public Credentials(CredentialsConfig config, Map<String, String> variables) {
        this.config = config;
        this.variables = variables;
    }

    static void requireKey(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("credential '" + key
                    + "' (expected: letters, digits, '.', '_' and '-', a letter or digit first, at most 128)");
        }
    }

    /**
     * What is known under {@code key}.
     *
     * @throws IllegalStateException if a place that is configured can't be read, with the place and never a value
     * @throws IllegalArgumentException if it can't be a key
     */
    public Optional<Credential> lookup(String key) {
        requireKey(key);
        return Optional.ofNullable(config.stored().get(key))
                .or(() -> config.folder().flatMap(folder -> ofFolder(folder.resolve(key))))
                .or(() -> config.file().flatMap(file -> ofFile(file, key)))
                .or(() -> config.environment().flatMap(prefix -> ofEnvironment(prefix, key)));
    }

    /**
     * The same for one that must be there.
     *
     * @throws IllegalStateException if no place has it, naming the places
     */
    public Credential require(String key) {
        return lookup(key)
                .orElseThrow(() -> new IllegalStateException("no credential '" + key + "' in "
                        + String.join(", ", places()) + ". Put it into one of them, or write it where it is used."));
    }

    /**
     * What {@code fixed} says, and for what it leaves open what is looked up under {@code key}: what is written down where it is used
     * wins.
     *
     * @throws IllegalStateException as {@link #require} does
     */
    public Credential resolve(Credential fixed, String key) {
        return fixed.over(require(key));
    }

    private List<String> places() {
        var places = new ArrayList<String>();
        places.add("credentials.stored");
        config.folder().ifPresent(folder -> places.add("folder " + folder));
        config.file().ifPresent(file -> places.add("file " + file));
        config.environment().ifPresent(prefix -> places.add("variables " + prefix + "…"));
        return places;
    }

    private static Optional<Credential> known(
            @Nullable String username, @Nullable String password, @Nullable String id, @Nullable String key) {
        var credential = new Credential(
                Optional.ofNullable(username),
                Optional.ofNullable(password).map(Secret::of),
                Optional.ofNullable(id),
                Optional.ofNullable(key).map(Secret::of));
        return credential.equals(Credential.NONE) ? Optional.empty() : Optional.of(credential);
    }

    private static Optional<Credential> ofFolder(Path folder) {
        return known(
                read(folder.resolve("username")),
                read(folder.resolve("password")),
                read(folder.resolve("access-id")),
                read(folder.resolve("access-key")));
    }

    /** Without the line end that editors and {@code echo} leave. */
    private static @Nullable String read(Path file) {
        try {
            var text = Files.readString(file);
            return text.endsWith("\r\n")
                    ? text.substring(0, text.length() - 2)
                    : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        } catch (NoSuchFileException none) {
            return null;
        } catch (IOException unreadable) {
            throw unreadable(file, unreadable.getClass().getSimpleName(), unreadable);
        }
    }

    private static IllegalStateException unreadable(Path file, String why, Exception cause) {
        return new IllegalStateException("credentials: " + file + " can't be read: " + why, cause);
    }

    private static Optional<Credential> ofFile(Path file, String key) {
        try {
            var all = Json.standard().read(Files.readAllBytes(file), Object.class);
            if (!(all instanceof Map<?, ?> map)) {
                throw new IllegalStateException(
                        "credentials: " + file + " (expected: an object with one object a key)");
            }
            if (!(map.get(key) instanceof Map<?, ?> one)) {
                return Optional.empty();
            }
            return known(text(one, "username"), text(one, "password"), text(one, "accessId"), text(one, "accessKey"));
        } catch (JsonException garbage) {
            throw unreadable(file, "it is not JSON", garbage);
        } catch (IOException unreadable) {
            throw unreadable(file, unreadable.getClass().getSimpleName(), unreadable);
        }
    }

    private static @Nullable String text(Map<?, ?> map, String name) {
        return map.get(name) instanceof String text ? text : null;
    }

    private Optional<Credential> ofEnvironment(String prefix, String key) {
        var begin = prefix + key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
        return known(
                variables.get(begin + "_USERNAME"),
                variables.get(begin + "_PASSWORD"),
                variables.get(begin + "_ACCESS_ID"),
                variables.get(begin + "_ACCESS_KEY"));
    }
}
