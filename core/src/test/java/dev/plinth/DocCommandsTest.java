package dev.plinth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.client.ClientConfig;
import dev.plinth.schema.Default;
import dev.plinth.secret.Secret;
import jakarta.validation.constraints.Positive;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the pages show of a command is what it prints. In a page <code>    $ [VAR=x] java -jar target/orders.jar ...</code>
 * is run in a folder that holds the page's YAML blocks before it: a plain one is service.yaml, "```yaml NAME" is the
 * file of that name, and a name that begins with "classpath/" is on the class path; "wrong" is a service.yaml that is to be
 * refused. A line "…" stands for the rest of what is printed. After a change that is meant: {@code mvn -pl core test -Dtest=DocCommandsTest -Dreference.write=true}.
 */
@Timeout(300)
class DocCommandsTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final String MORE = "    …";
    private static final String PROMPT = "    $ ";
    private static final String PROGRAM = "java -jar target/orders.jar";

    /** The service of the pages. */
    static final class Orders {
        record Settings(@Default("50") @Positive int maxLines, Optional<Secret> apiKey) {}

        private Orders() {}

        public static void main(String[] args) {
            Service.run("orders", args, Settings.class, (service, _) -> service.config()
                    .all("clients", ClientConfig.class)
                    .keySet()
                    .forEach(service::client));
        }
    }

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"configuration.md", "precedence.md", "check.md", "editors.md"})
    void aPageShowsWhatItsCommandsPrint(String name) throws IOException, InterruptedException {
        var page = DOCS.resolve(name);
        var now = replayed(Files.readAllLines(page));
        if (Boolean.getBoolean("reference.write")) {
            Files.writeString(page, now);
        }
        assertThat(now)
                .as("what %s shows is not what its commands print. Write it anew with -Dreference.write=true.", name)
                .isEqualTo(Files.readString(page));
    }

    private String replayed(List<String> lines) throws IOException, InterruptedException {
        var page = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            page.append(line).append('\n');
            if (line.startsWith("```yaml")) {
                int end = i + 1 + lines.subList(i + 1, lines.size()).indexOf("```");
                write(line.substring(7).strip(), lines.subList(i + 1, end));
            } else if (line.startsWith(PROMPT)) {
                int end = i + 1;
                while (end < lines.size() && (lines.get(end).isEmpty() || isPrinted(lines.get(end)))) {
                    end++;
                }
                int more = lines.subList(i, end).indexOf(MORE);
                var printed = run(line.substring(PROMPT.length()));
                for (var each : more < 0 ? printed : printed.subList(0, Math.min(more - 1, printed.size()))) {
                    page.append(each.isEmpty() ? "" : "    ").append(each).append('\n');
                }
                page.append(more < 0 ? "" : MORE + "\n").append(end < lines.size() ? "\n" : "");
                i = end - 1;
            }
        }
        return page.toString();
    }

    private static boolean isPrinted(String line) {
        return line.startsWith("    ") && !line.startsWith(PROMPT);
    }

    private void write(String name, List<String> block) throws IOException {
        var file = folder.resolve(name.isEmpty() || name.equals("wrong") ? "service.yaml" : name);
        Files.createDirectories(file.getParent());
        Files.write(file, block);
    }

    private List<String> run(String line) throws IOException, InterruptedException {
        int program = line.indexOf(PROGRAM);
        assertThat(program).as("'%s' runs %s", line, PROGRAM).isNotNegative();
        var words = new ArrayList<>(words(line.substring(program + PROGRAM.length())));
        var file = "";
        if (words.contains(">")) {
            file = words.removeLast();
            words.removeLast();
        }
        var classPath = new StringBuilder(folder.resolve("classpath").toString());
        for (var entry : List.of(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                .split(File.pathSeparator, -1))) {
            if (!entry.isEmpty()) { // which would be the working directory
                classPath.append(File.pathSeparator).append(entry);
            }
        }
        var command = new ArrayList<>(List.of(
                JAVA.toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classPath.toString(),
                Orders.class.getName()));
        command.addAll(words);
        var process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        process.environment().keySet().removeIf(name -> name.startsWith("PLINTH_"));
        process.environment().putAll(variables(line.substring(0, program)));
        var running = process.start();
        var printed = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
        if (file.isEmpty()) {
            return printed.stripTrailing().lines().toList();
        }
        assertThat(running.exitValue()).isZero();
        assertThat(printed).isNotEmpty();
        Files.writeString(folder.resolve(file), printed);
        return List.of();
    }

    private static List<String> words(String text) {
        return List.of(text.split(" +", -1)).stream()
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static Map<String, String> variables(String text) {
        var variables = new LinkedHashMap<String, String>();
        for (var word : words(text)) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                variables.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        return variables;
    }
}
