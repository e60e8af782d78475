package dev.plinth.config;

import dev.plinth.schema.ByteSize;
import dev.plinth.schema.Default;
import dev.plinth.schema.Obsolete;
import dev.plinth.schema.Percent;
import dev.plinth.schema.Refers;
import dev.plinth.schema.Removed;
import dev.plinth.schema.RenamedFrom;
import dev.plinth.schema.Since;
import dev.plinth.secret.Secret;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A service's records, and the sources that a test puts together by hand. */
final class Sample {
    record Http(
            @Default("8080") @Min(0) @Max(65535) int port,
            @Default("0.0.0.0") @NotBlank String address,
            @Default("30s") Duration readTimeout,
            @Default("10MiB") ByteSize maxBody,
            Tls tls) {}

    record Tls(@Default("false") boolean enabled, Optional<Path> key, List<String> protocols) {}

    record Admin(@Default("8081") int port, Optional<Secret> token) {}

    record Client(
            @NotNull URI url,
            @Default("1s") Duration timeout,
            Set<Integer> retryOn,
            Map<String, String> headers,
            Retry retry) {}

    record Retry(@Default("3") @Positive int attempts, @Default("10%") Percent budget) {}

    enum Mode {
        FAST,
        VERY_SAFE
    }

    record Settings(
            @Default("50") long maxLines,
            Mode mode,
            List<@NotBlank String> words,
            List<Shop> shops,
            Map<String, Mode> modes,
            Secret password,
            Path data,
            @Default("1") int min,
            @Default("9") int max) {
        Settings {
            if (min > max) {
                throw new IllegalArgumentException("min " + min + " is above max " + max);
            }
        }
    }

    record Shop(@NotBlank String name, int floor) {}

    record Careless(String name) {
        Careless {
            name = name.strip();
        }
    }

    sealed interface Disk permits Memory, LocalDisk {}

    record Memory(@Default("10") @Positive int items) implements Disk {}

    record LocalDisk(@NotBlank String folder) implements Disk {}

    @Removed(key = "threads", reason = "Every request has a thread of its own. Leave it out.", since = "2.0")
    @Removed(key = "pool", reason = "Use limit.")
    record Archive(
            @Default("memory") Disk disk,
            Optional<byte[]> key,
            @RenamedFrom(
                            value = {"wait", "patience"},
                            since = "1.4")
                    @Default("1s")
                    @Since("1.4")
                    Duration timeout,
            @Obsolete(value = "Use disk.", since = "1.5") Optional<Path> folder,
            @Refers("clients") Optional<String> client,
            Map<String, Object> more,
            @RenamedFrom("children") List<Archive> parts) {}

    private Sample() {}

    static Layout layout() {
        return new Layout()
                .section("http", Http.class)
                .section("admin", Admin.class)
                .sections("clients", Client.class)
                .section("settings", Settings.class)
                .section("archive", Archive.class);
    }

    /** The sources of one test; the working directory is a folder of its own. */
    static final class World {
        final Path directory;
        private final Map<String, String> environment = new HashMap<>();
        private final List<String> arguments = new ArrayList<>();
        private final List<String> settings = new ArrayList<>();
        private ClassLoader classLoader = new URLClassLoader(new URL[0], null);

        World(Path directory) {
            this.directory = directory;
        }

        World file(String name, String text) {
            return file(name, text.getBytes(StandardCharsets.UTF_8));
        }

        World file(String name, byte[] bytes) {
            try {
                var path = directory.resolve(name);
                Files.createDirectories(path.getParent());
                Files.write(path, bytes);
                return this;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        World variable(String name, String value) {
            environment.put(name, value);
            return this;
        }

        World arguments(String... arguments) {
            this.arguments.addAll(List.of(arguments));
            return this;
        }

        World classPath(Path... folders) {
            var urls = new URL[folders.length];
            try {
                for (int i = 0; i < urls.length; i++) {
                    urls[i] = directory.resolve(folders[i]).toUri().toURL();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            classLoader = new URLClassLoader(urls, null);
            return this;
        }

        World loader(ClassLoader loader) {
            classLoader = loader;
            return this;
        }

        /** One {@code --set}, past the judgement of the command line. */
        World set(String setting) {
            settings.add(setting);
            return this;
        }

        Sources sources() {
            var parsed = Arguments.parse(arguments.toArray(String[]::new));
            var all = new ArrayList<>(parsed.settings());
            all.addAll(settings);
            return new Sources(
                    new Arguments(
                            parsed.command(), parsed.key(), List.of(), parsed.config(), parsed.profiles(), all, false),
                    environment,
                    directory,
                    classLoader);
        }

        @Override
        public String toString() {
            return environment + " " + arguments + " " + settings;
        }

        Config load() {
            return load(layout());
        }

        Config load(Layout layout) {
            return Config.load(sources(), layout);
        }

        String failure() {
            return failure(layout());
        }

        /** The text of the failure; the working directory is left out of it. */
        String failure(Layout layout) {
            try {
                load(layout);
            } catch (ConfigException e) {
                return e.getMessage()
                        .replace(directory.toUri().toString(), "file:/")
                        .replace(directory + "/", "");
            }
            throw new AssertionError("the configuration is right");
        }
    }
}
