package dev.plinth.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a script in Maven's place that notes its calls, and packs a jar. */
class ProjectTest {
    @TempDir
    private Path folder;

    private final Steps steps = new Steps(new PrintStream(OutputStream.nullOutputStream()), false);
    private Path plinth = Path.of("");
    private Path project = Path.of("");
    private Maven maven = new Maven(Path.of(""));

    @BeforeEach
    void makeProject() throws IOException {
        plinth = Files.createDirectories(folder.resolve("plinth/core/target"))
                .getParent()
                .getParent();
        Files.writeString(plinth.resolve("core/target/plinth-1.jar"), "the chassis");
        project = Files.createDirectories(folder.resolve("books/src/main/java"))
                .getParent()
                .getParent()
                .getParent();
        Files.writeString(project.resolve("pom.xml"), "<project/>");
        Files.writeString(project.resolve("src/main/java/Main.java"), "class Main {}");
        maven = script(
                """
                echo "$JAVA_HOME $*" >> calls
                mkdir -p target/lib
                cp "%s/core/target/plinth-1.jar" target/lib/
                cd target
                printf 'Manifest-Version: 1.0\\nMain-Class: Main\\n' > manifest
                [ -e books.jar ] || "$JAVA_HOME/bin/jar" --create --file books.jar --manifest manifest
                """
                        .formatted(plinth));
    }

    private Maven script(String text) throws IOException {
        var file = Files.writeString(folder.resolve("mvn"), "#!/bin/sh\nset -e\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Maven(file);
    }

    private Path jar() {
        return new Project(project).jar(maven, plinth, steps);
    }

    private int calls() throws IOException {
        return Files.readAllLines(project.resolve("calls")).size();
    }

    @Test
    void itIsBuiltOnceWithThisJdkAndWithoutTests() throws IOException {
        assertThat(jar()).isEqualTo(project.resolve("target/books.jar"));
        assertThat(jar()).exists();

        assertThat(project.resolve("calls"))
                .content()
                .isEqualTo(System.getProperty("java.home") + " -B -ntp package -Dmaven.test.skip=true\n");
    }

    @Test
    void aNewerSourceBuildsItAgainAndOnce() throws IOException {
        jar();
        touch("src/main/java/Main.java");
        jar();
        jar();

        assertThat(calls()).isEqualTo(2);
    }

    @Test
    void aSourceThatIsGoneBuildsItAgain() throws IOException {
        jar();
        Files.delete(project.resolve("src/main/java/Main.java"));
        touch("src/main/java");
        jar();

        assertThat(calls()).isEqualTo(2);
    }

    @Test
    void anotherBuildOfPlinthBuildsItAgain() throws IOException {
        jar();
        Files.writeString(plinth.resolve("core/target/plinth-1.jar"), "the chassis, changed");
        jar();
        jar();

        assertThat(calls()).isEqualTo(2);
    }

    @Test
    void whatMavenFailedWithIsShown() throws IOException {
        maven = script("echo '[INFO] much'; echo '[ERROR] Main.java:[1,1] no'; exit 1\n");

        assertThatThrownBy(this::jar)
                .hasMessage("Maven failed in " + project + ":\n  [ERROR] Main.java:[1,1] no\nAll that it said is in "
                        + project.resolve("target/plinth-build.log") + ".");
    }

    @Test
    void severalRunnableJarsAreOneTooMany() throws IOException {
        Files.copy(jar(), project.resolve("target/other.jar"));

        assertThatThrownBy(this::jar)
                .hasMessageStartingWith("target/ in " + project + " holds 2 jars with a main class: [")
                .hasMessageEndingWith("] (expected: 1). See the jar plugin in pom.xml.");
    }

    private void touch(String file) throws IOException {
        Files.setLastModifiedTime(
                project.resolve(file), FileTime.from(Instant.now().plusSeconds(5)));
    }
}
