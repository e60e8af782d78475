package dev.plinth.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.jar.JarFile;

/** The jars of {@code benchmarks/peers}, each of which {@code ./bench} builds by a pom of its own. */
final class Peers {
    private static final Path FOLDER = Path.of(System.getProperty("plinth.home", "."), "benchmarks/peers");

    private Peers() {}

    static Path jar(String name) {
        return FOLDER.resolve(name + "/target/" + name + ".jar");
    }

    /** The version of what is compared, which the pom has as its own. */
    static String version(String name) {
        try (var jar = new JarFile(jar(name).toFile())) {
            return jar.getManifest().getMainAttributes().getValue("Implementation-Version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
