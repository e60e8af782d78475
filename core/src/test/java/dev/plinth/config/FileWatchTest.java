package dev.plinth.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.config.Sample.World;
import dev.plinth.time.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
    private static final Duration EVERY = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    private final ManualTime time = new ManualTime();
    private int calls;

    private FileWatch watch(World world) {
        return new FileWatch(world.load(), time, EVERY, () -> calls++);
    }

    private void look() {
        time.advance(EVERY);
    }

    @Test
    void aChangeCountsWhenItHasSettled() {
        var world = new World(directory).file("service.yaml", "http: { port: 1 }");
        try (var watch = watch(world)) {
            assertThat(watch).isNotNull();
            look();
            world.file("service.yaml", "http: { port: 12 }");
            look();
            world.file("service.yaml", "http: { port: 123 }");
            look();
            assertThat(calls).isZero();
            look();
            assertThat(calls).isOne();
            look();
            look();
            assertThat(calls).isOne();
        }
        world.file("service.yaml", "http: { port: 1234 }");
        look();
        look();
        assertThat(calls).isOne();
        assertThat(time.pending()).isZero();
    }

    @Test
    void filesThatComeAndGoCount() throws IOException {
        var world = new World(directory);
        try (var watch = watch(world)) {
            assertThat(watch).isNotNull();
            world.file("service.json", "{}");
            look();
            look();
            assertThat(calls).isOne();
            Files.delete(directory.resolve("service.json"));
            look();
            look();
            assertThat(calls).isEqualTo(2);
        }
    }

    @Test
    void aRenameOverAFileOfTheSameSizeAndTimeCounts() throws IOException {
        var world =
                new World(directory).file("service.yaml", "http: { port: 1 }").file("other", "http: { port: 2 }");
        var same = FileTime.from(Instant.EPOCH);
        Files.setLastModifiedTime(directory.resolve("service.yaml"), same);
        Files.setLastModifiedTime(directory.resolve("other"), same);
        try (var watch = watch(world)) {
            assertThat(watch).isNotNull();
            Files.move(
                    directory.resolve("other"), directory.resolve("service.yaml"), StandardCopyOption.REPLACE_EXISTING);
            look();
            look();
            assertThat(calls).isOne();
        }
    }

    /** A mounted ConfigMap: service.yaml -> ..data/service.yaml, ..data -> ..2026_1, and a new ..data is renamed over it. */
    @Test
    void theLinksOfKubernetesCount() throws IOException {
        var world = new World(directory)
                .file("..2026_1/service.yaml", "http: { port: 1 }")
                .file("..2026_2/service.yaml", "http: { port: 2 }");
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..2026_1"));
        Files.createSymbolicLink(directory.resolve("service.yaml"), Path.of("..data/service.yaml"));
        try (var watch = watch(world)) {
            assertThat(watch).isNotNull();
            Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("..2026_2"));
            Files.move(
                    directory.resolve("..data_tmp"),
                    directory.resolve("..data"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            look();
            look();
            assertThat(calls).isOne();
        }
    }

    @Test
    void whatWasWrongIsReadAgainWhenItChangesAgain() {
        var world = new World(directory).file("service.yaml", "http: { port: 1 }");
        var config = world.load();
        try (var watch = new FileWatch(config, time, EVERY, () -> {
            calls++;
            try {
                config.reload();
            } catch (ConfigException wrong) {
                // told elsewhere
            }
        })) {
            assertThat(watch).isNotNull();
            world.file("service.yaml", "http: { port: none }");
            look();
            look();
            look();
            assertThat(calls).isOne();
            world.file("service.yaml", "http: { port: 12345 }");
            look();
            look();
            assertThat(calls).isEqualTo(2);
            assertThat(config.explain("http.port").getFirst().value()).isEqualTo("12345");
        }
    }
}
