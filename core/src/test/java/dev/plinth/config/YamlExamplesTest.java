package dev.plinth.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The examples of chapter 2 of the specification of YAML 1.2.2, by their numbers there. Those of plain types are read as
 * they are meant; tags, several documents and lists as keys are refused, all of them at once.
 */
class YamlExamplesTest {
    private static final Path FOLDER = Path.of("src/test/resources/config/yaml-chapter-2");

    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .map(name -> name.substring(0, name.length() - 5))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void isReadOrRefused(String name) throws IOException {
        assertThat(answer(Files.readString(FOLDER.resolve(name + ".yaml"))) + "\n")
                .isEqualTo(Files.readString(FOLDER.resolve(name + ".txt")));
    }

    @Test
    void allOfThemAreThere() throws IOException {
        var numbers = names().stream().map(name -> name.substring(0, 4)).collect(Collectors.toSet());
        for (int number = 1; number <= 28; number++) {
            assertThat(numbers).contains(String.format("2.%02d", number));
        }
    }

    /** The tree in one line, or what is wrong with it, one line for each problem. */
    private static String answer(String text) {
        var problems = new Problems();
        var root = Yaml.document(text, Origin.file("example"), problems);
        try {
            problems.check(List.of());
        } catch (ConfigException e) {
            return e.problems().stream().map(problem -> "refused: " + problem).collect(Collectors.joining("\n"));
        }
        assertThat(root).isNotNull();
        return shown(root);
    }

    /** Texts as they are; those that were quoted, or are blocks, between {@code <} and {@code >}. */
    private static String shown(Node node) {
        return switch (node) {
            case Scalar scalar -> scalar.plain() ? scalar.text() : "<" + escaped(scalar.text()) + ">";
            case Sequence sequence ->
                sequence.items().stream().map(YamlExamplesTest::shown).collect(Collectors.joining(", ", "[", "]"));
            case Mapping mapping ->
                mapping.members().entrySet().stream()
                        .map(member ->
                                member.getKey() + ": " + shown(member.getValue().value()))
                        .collect(Collectors.joining(", ", "{", "}"));
        };
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t")
                .replace("\b", "\\b");
    }
}
