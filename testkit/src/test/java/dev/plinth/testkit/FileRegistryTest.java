package dev.plinth.testkit;

import dev.plinth.discovery.FileRegistry;
import dev.plinth.discovery.Registry;
import dev.plinth.time.Time;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

class FileRegistryTest extends RegistryConformance {
    @TempDir
    private static Path folder;

    @Override
    protected Registry open() {
        return new FileRegistry(folder.resolve("registry"), Time.system());
    }

    @Override
    protected Duration leaseSlack() {
        return Duration.ofMillis(700);
    }
}
