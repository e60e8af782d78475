package dev.plinth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceJvmTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Steps steps = new Steps(new PrintStream(said, true, StandardCharsets.UTF_8), false);
    private Path jar = Path.of("");
    private Path cache = Path.of("");
    private ServiceJvm jvm = new ServiceJvm(jar);

    @BeforeEach
    void packTrainee() throws IOException {
        jar = folder.resolve("a trainee.jar");
        cache = folder.resolve("a trainee.aot");
        jvm = new ServiceJvm(jar);
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Trainee.class.getName());
        var file = Trainee.class.getName().replace('.', '/') + ".class";
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                var in = Trainee.class.getClassLoader().getResourceAsStream(file)) {
            out.putNextEntry(new ZipEntry(file));
            in.transferTo(out);
        }
    }

    @Test
    void aTrainingRunMakesTheCacheThatLaterRunsUse() throws Exception {
        assertThat(jvm.command(List.of("run"))).noneMatch(word -> word.contains("AOTCache"));

        jvm.train(folder, List.of("--set", "a=b"), steps);

        assertThat(folder.resolve("a trainee.aot.log")).content().startsWith("train --set a=b\n");
        assertThat(said.toString(StandardCharsets.UTF_8))
                .startsWith("plinth: training a trainee.jar to start fast ... ");
        assertThat(jvm.command(List.of("run", "x")))
                .contains("-XX:AOTCache=" + cache)
                .endsWith("-jar", jar.toString(), "run", "x");
        var run = new ProcessBuilder(jvm.command(List.of("run")))
                .redirectErrorStream(true)
                .start();
        assertThat(new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("run\n");
    }

    @Test
    void aCacheThatFitsIsNotMadeAgain() throws IOException {
        jvm.train(folder, List.of(), steps);
        var made = Files.getLastModifiedTime(cache);
        said.reset();

        jvm.train(folder, List.of(), steps);

        assertThat(Files.getLastModifiedTime(cache)).isEqualTo(made);
        assertThat(said.size()).isZero();
    }

    @Test
    void aCacheOfOtherJarsIsNotUsed() throws IOException {
        jvm.train(folder, List.of(), steps);

        Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));

        assertThat(jvm.command(List.of())).noneMatch(word -> word.contains("AOTCache"));
    }

    @Test
    void aCacheOfUnknownOriginIsNotUsed() throws IOException {
        Files.writeString(cache, "from another place");

        assertThat(jvm.command(List.of())).noneMatch(word -> word.contains("AOTCache"));
    }

    @Test
    void aTrainingRunThatFailsIsToldAndTheServiceRunsWithoutCache() {
        jvm.train(folder, List.of("fail"), steps);

        assertThat(said.toString(StandardCharsets.UTF_8))
                .containsPattern("^plinth: training a trainee.jar to start fast ... [0-9.]+ s, failed\n")
                .endsWith(
                        "plinth: the training run ended with exit code 3, so the service starts without an ahead-of-time cache."
                                + " What it said is in " + folder.resolve("a trainee.aot.log") + ".\n");
        assertThat(jvm.command(List.of())).noneMatch(word -> word.contains("AOTCache"));
    }

    @Test
    void whatTheJvmSaysOfItselfNeverReachesStandardOutput() {
        assertThat(jvm.command(List.of())).contains("-Xlog:disable", "-Xlog:all=warning:stderr");
    }
}
