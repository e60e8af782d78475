package dev.plinth.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateTest {
    private static final Path EXAMPLE = Path.of("../examples/orders");

    @TempDir
    private Path folder;

    private final Template books = new Template(new ServiceName("order-book"), "com.acme.books");

    @Test
    void underItsOwnNameItWritesTheExampleAsItIs() throws IOException {
        new Template(new ServiceName("orders"), "dev.plinth.examples.orders").writeTo(folder.resolve("orders"));

        assertThat(filesIn(folder.resolve("orders"))).isEqualTo(filesIn(EXAMPLE));
        for (var file : filesIn(EXAMPLE)) {
            assertThat(folder.resolve("orders").resolve(file)).hasSameTextualContentAs(EXAMPLE.resolve(file));
        }
    }

    @Test
    void underAnotherNameNothingOfTheExampleIsLeft() throws IOException {
        var project = folder.resolve("books");
        books.writeTo(project);

        for (var file : filesIn(project)) {
            assertThat(project.resolve(file)).content().doesNotContain("dev.plinth.examples");
        }
        assertThat(project.resolve("pom.xml"))
                .content()
                .contains("<groupId>com.acme</groupId>\n  <artifactId>order-book</artifactId>")
                .contains("<mainClass>com.acme.books.Main</mainClass>");
        assertThat(project.resolve("src/main/java/com/acme/books/Main.java"))
                .content()
                .startsWith("package com.acme.books;")
                .contains("Service.run(\"order-book\", ");
        assertThat(project.resolve("README.md"))
                .content()
                .startsWith("# order-book\n")
                .contains("target/order-book.jar");
    }

    @Test
    void itIsSmall() throws IOException {
        var lines = 0;
        for (var file : filesIn(EXAMPLE)) {
            if (!file.equals("pom.xml") && !file.equals("README.md")) {
                lines += Files.readAllLines(EXAMPLE.resolve(file)).size();
            }
        }
        assertThat(lines).isLessThan(150);
    }

    @Test
    void itsVersionsAreThoseOfPlinthItself() throws IOException {
        var ours = Files.readString(Path.of("../pom.xml"));
        var example = Files.readString(EXAMPLE.resolve("pom.xml"));
        var plugins = Pattern.compile("<artifactId>(maven-[a-z-]+-plugin)</artifactId>\\s*<version>([^<]+)</version>")
                .matcher(example)
                .results()
                .map(plugin -> "<" + plugin.group(1) + ".version>" + plugin.group(2) + "</")
                .toList();

        assertThat(plugins).hasSize(6).allSatisfy(property -> assertThat(ours).contains(property));
        var version = ours.substring(ours.indexOf("<version>") + 9, ours.indexOf("</version>"));
        assertThat(example).contains("<plinth.version>" + version + "</plinth.version>");
    }

    @Test
    void missingParentsAreMade() {
        books.writeTo(folder.resolve("a/b/books"));

        assertThat(folder.resolve("a/b/books/pom.xml")).exists();
    }

    @Test
    void whatIsThereIsLeftAlone() throws IOException {
        var taken = Files.createDirectory(folder.resolve("taken"));
        Files.writeString(taken.resolve("mine"), "mine");

        assertThatThrownBy(() -> books.writeTo(taken))
                .hasMessage(taken + " is already there. Choose another folder with --dir, or remove this one.")
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(1));
        assertThat(filesIn(folder)).containsExactly("taken/mine");
    }

    @Test
    void aLinkToNowhereIsLeftAlone() throws IOException {
        var link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));

        assertThatThrownBy(() -> books.writeTo(link)).hasMessageStartingWith(link + " is already there.");
        assertThat(folder.resolve("nowhere")).doesNotExist();
    }

    @Test
    void aFailureLeavesNothingBehind() throws IOException {
        var file = Files.writeString(folder.resolve("file"), "mine");

        assertThatThrownBy(() -> books.writeTo(file.resolve("books")))
                .hasMessageStartingWith("could not write " + file.resolve("books") + ": ");
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void packagesThatJavaRefusesAreRefused() {
        assertThatThrownBy(() -> new Template(new ServiceName("orders"), "com.new"))
                .hasMessage(
                        "'com.new' is not a package name (expected: Java identifiers joined by dots, none of them a word"
                                + " that Java keeps for itself, and not under java). Choose another with --package.")
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(64));
    }

    /** All files below, as paths from there, without what a build makes. */
    private static List<String> filesIn(Path root) throws IOException {
        var found = new ArrayList<String>();
        try (var paths = Files.walk(root)) {
            for (var path : paths.filter(Files::isRegularFile).toList()) {
                var file = root.relativize(path).toString();
                if (!file.startsWith("target/")) {
                    found.add(file);
                }
            }
        }
        found.sort(null);
        return found;
    }
}
