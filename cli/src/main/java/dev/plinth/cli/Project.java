package dev.plinth.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/** A service's project on disk: its jar, and whether that is what the sources say. Immutable. */
record Project(Path folder) {

    /** @throws Failure with {@link Failure#USAGE} where there is no {@code pom.xml} */
    Project {
        folder = folder.toAbsolutePath().normalize();
        if (!Files.isRegularFile(folder.resolve("pom.xml"))) {
            throw Failure.usage(folder
                    + " holds no pom.xml, so it is no service. Name a service's folder, or make one: plinth new NAME");
        }
    }

    /**
     * The service's jar, built first where it is missing, older than its sources, or made with another build of Plinth.
     *
     * @param plinth the folder of Plinth's own sources
     * @throws Failure if the build fails, or target/ then holds no runnable jar, or several
     */
    Path jar(Maven maven, Path plinth, Steps steps) {
        try {
            var jars = runnableJars();
            if (jars.size() != 1 || isStale(jars.getFirst(), plinth)) {
                steps.step(
                        "building " + folder.getFileName(),
                        () -> maven.run(
                                folder,
                                folder.resolve("target/plinth-build.log"),
                                "package",
                                "-Dmaven.test.skip=true"));
                jars = runnableJars();
                for (var jar : jars) {
                    // Maven leaves a jar as it is where a change did not reach it; its time says that it was judged.
                    Files.setLastModifiedTime(jar, latest(Files.getLastModifiedTime(jar), newestSource()));
                }
            }
            if (jars.size() != 1) {
                throw Failure.failed("target/ in " + folder + " holds " + jars.size() + " jars with a main class: "
                        + jars + " (expected: 1). See the jar plugin in pom.xml.");
            }
            return jars.getFirst();
        } catch (IOException e) {
            throw Failure.failed("could not read " + folder + ": " + e);
        }
    }

    private List<Path> runnableJars() throws IOException {
        var target = folder.resolve("target");
        var found = new ArrayList<Path>();
        if (Files.isDirectory(target)) {
            try (var jars = Files.newDirectoryStream(target, "*.jar")) {
                for (var jar : jars) {
                    try (var opened = new JarFile(jar.toFile())) {
                        var manifest = opened.getManifest();
                        if (manifest != null && manifest.getMainAttributes().containsKey(Attributes.Name.MAIN_CLASS)) {
                            found.add(jar);
                        }
                    }
                }
            }
        }
        return found;
    }

    private boolean isStale(Path jar, Path plinth) throws IOException {
        return newestSource().compareTo(Files.getLastModifiedTime(jar)) > 0 || hasAnotherPlinth(plinth);
    }

    /** Folders count too: a file that was taken away shows there. */
    private FileTime newestSource() throws IOException {
        var newest = Files.getLastModifiedTime(folder.resolve("pom.xml"));
        try (var sources = Files.walk(folder.resolve("src/main"))) {
            for (var path : (Iterable<Path>) sources::iterator) {
                newest = latest(newest, Files.getLastModifiedTime(path));
            }
        }
        return newest;
    }

    private boolean hasAnotherPlinth(Path plinth) throws IOException {
        try (var jars = Files.newDirectoryStream(folder.resolve("target/lib"), "plinth-*.jar")) {
            for (var jar : jars) {
                var built = plinth.resolve("core/target").resolve(jar.getFileName());
                if (Files.exists(built) && Files.mismatch(jar, built) >= 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private static FileTime latest(FileTime one, FileTime other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
