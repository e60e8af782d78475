package dev.plinth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of pages, one after the other in a shell, say what the page says. A block <code>```yaml NAME</code> is the
 * file of that name.
 */
@Timeout(300)
class PageCommandsTest {
    @TempDir
    private Path folder;

    private record Step(String command, List<String> answer) {}

    private List<Step> steps(String page) throws IOException {
        var steps = new ArrayList<Step>();
        var file = "";
        var block = new ArrayList<String>();
        for (var line : Files.readAllLines(Path.of("..", "docs", page))) {
            if (line.startsWith("```yaml ")) {
                file = line.substring(8);
                block.clear();
            } else if (!file.isEmpty() && line.equals("```")) {
                Files.write(folder.resolve("project").resolve(file), block);
                file = "";
            } else if (!file.isEmpty()) {
                block.add(line);
            } else if (line.startsWith("    $ ")) {
                steps.add(new Step(line.substring(6), new ArrayList<>()));
            } else if (line.startsWith("    ") && !steps.isEmpty()) {
                steps.getLast().answer().add(line.substring(4));
            } else {
                steps.add(new Step("", new ArrayList<>()));
            }
        }
        steps.removeIf(step -> step.command().isEmpty());
        return steps;
    }

    private String run(String command) throws IOException, InterruptedException {
        var said = folder.resolve("said").toFile();
        var builder = new ProcessBuilder("bash", "-c", command)
                .directory(folder.resolve("project").toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(said);
        builder.environment().remove("PLINTH_KEY_FILE");
        builder.environment().merge("PATH", folder.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        builder.start().waitFor();
        return Files.readString(said.toPath());
    }

    @Test
    void everyCommandAboutSecretsSaysWhatIsWritten() throws Exception {
        says("secrets.md", 7);
        assertThat(run("plinth decrypt <<< \"$(sed 's/.*enc_api-key: //; s/ }//' service.yaml)\""))
                .isEqualTo("hunter2\n");
    }

    @Test
    void everyCommandAboutDocumentsSaysWhatIsWritten() throws Exception {
        says("openapi-tools.md", 5);
    }

    private void says(String page, int atLeast) throws Exception {
        Files.createDirectories(folder.resolve("bin"));
        Files.createDirectories(folder.resolve("project"));
        var plinth = folder.resolve("bin/plinth");
        Files.writeString(
                plinth,
                "#!/bin/sh\nexec '" + Path.of(System.getProperty("java.home"), "bin", "java")
                        + "' -XX:+UseSerialGC -cp '" + System.getProperty("java.class.path") + "' "
                        + Plinth.class.getName() + " \"$@\"\n");
        Files.setPosixFilePermissions(plinth, PosixFilePermissions.fromString("rwx------"));

        var steps = steps(page);
        assertThat(steps).hasSizeGreaterThanOrEqualTo(atLeast);
        for (var step : steps) {
            var said = run(step.command()).lines().toList();
            assertThat(said).as(step.command()).hasSameSizeAs(step.answer());
            for (int i = 0; i < said.size(); i++) {
                var expected = step.answer().get(i);
                if (expected.endsWith("…")) {
                    assertThat(said.get(i)).as(step.command()).startsWith(expected.substring(0, expected.length() - 1));
                } else {
                    assertThat(said.get(i)).as(step.command()).isEqualTo(expected);
                }
            }
        }
    }
}
