package dev.plinth.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;

/**
 * The project that {@code plinth new} writes: {@code examples/orders}, which is built and tested with Plinth itself, under
 * another name and package. Immutable.
 */
record Template(ServiceName name, String packageName) {
    /** The files of the example that the build packs under {@code template/}. */
    static final List<String> FILES = List.of(
            "README.md",
            "pom.xml",
            "service.yaml",
            "service.schema.json",
            "src/main/java/dev/plinth/examples/orders/Main.java",
            "src/main/java/dev/plinth/examples/orders/Order.java",
            "src/test/java/dev/plinth/examples/orders/MainTest.java");

    /** The example has the same; a jar leaves such files out. */
    static final String GITIGNORE =
            """
            # What the build makes
            target/

            # Opens the enc_ values of service.yaml, and never goes into version control
            key.key
            """;

    private static final String EXAMPLE_PACKAGE = "dev.plinth.examples.orders";

    Template {
        if (!ServiceName.isUsablePackage(packageName)) {
            throw Failure.usage("'" + packageName
                    + "' is not a package name (expected: Java identifiers joined by dots, none of them a word that Java"
                    + " keeps for itself, and not under java). Choose another with --package.");
        }
    }

    /**
     * Writes the project into a folder that is not there yet: whole, or not at all.
     *
     * @throws Failure if something of that name is there, or the file system refuses
     */
    void writeTo(Path folder) {
        var target = folder.toAbsolutePath().normalize();
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw Failure.failed(target + " is already there. Choose another folder with --dir, or remove this one.");
        }
        var draft = nearestFolder(target)
                .resolve(".plinth-new-" + ProcessHandle.current().pid());
        try {
            writeAll(draft);
            Files.createDirectories(target.getParent());
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw Failure.failed("could not write " + target + ": " + e);
        } finally {
            delete(draft);
        }
    }

    private void writeAll(Path draft) throws IOException {
        Files.createDirectory(draft);
        Files.writeString(draft.resolve(".gitignore"), GITIGNORE);
        for (var file : FILES) {
            var path = draft.resolve(file.replace(EXAMPLE_PACKAGE.replace('.', '/'), packageName.replace('.', '/')));
            Files.createDirectories(path.getParent());
            Files.writeString(path, renamed(example(file)));
        }
    }

    /** One file of the example under the service's own name and package. */
    String text(String file) {
        try {
            return renamed(example(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String renamed(String text) {
        return text.replace(EXAMPLE_PACKAGE, packageName)
                .replace("<groupId>dev.plinth.examples</groupId>", "<groupId>" + groupId() + "</groupId>")
                .replace("<artifactId>orders</artifactId>", "<artifactId>" + name.text() + "</artifactId>")
                .replace("# orders\n", "# " + name.text() + "\n")
                .replace("service.yaml of orders", "service.yaml of " + name.text())
                .replace("orders.jar", name.text() + ".jar")
                .replace("\"orders\"", "\"" + name.text() + "\"");
    }

    private String groupId() {
        var dot = packageName.lastIndexOf('.');
        return dot < 0 ? packageName : packageName.substring(0, dot);
    }

    private static String example(String file) throws IOException {
        try (var in = Template.class.getResourceAsStream("/template/" + file)) {
            if (in == null) {
                throw new IllegalStateException("template/" + file + " is not packed into the cli");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Path nearestFolder(Path target) {
        var folder = target;
        while (folder.getParent() != null && !Files.isDirectory(folder)) {
            folder = folder.getParent();
        }
        return folder;
    }

    /** Deletes a folder and all that is in it, where it is there. */
    static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
