package dev.plinth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.client.ClientConfig;
import dev.plinth.config.Arguments;
import dev.plinth.config.Sources;
import dev.plinth.schema.Default;
import dev.plinth.schema.Schema;
import dev.plinth.schema.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages under docs/ say what is so. */
class DocsTest {
    record Settings(@Default("50") int maxLines) {}

    private static final Path DOCS = Path.of("..", "docs");
    private static final Path REFERENCE = DOCS.resolve("configuration-reference.md");

    /** After a change that is meant: {@code mvn -pl core test -Dtest=DocsTest -Dreference.write=true}. */
    @Test
    void referenceIsTheOneThatTheRecordsGive() throws IOException {
        var now = reference();
        if (Boolean.getBoolean("reference.write")) {
            Files.writeString(REFERENCE, now);
        }
        assertThat(now)
                .as("the sections changed. Write docs/configuration-reference.md anew with -Dreference.write=true.")
                .isEqualTo(Files.readString(REFERENCE));
    }

    private static String reference() {
        var page = new StringBuilder(
                """
                # Configuration reference

                Made from the records; a test keeps it true. Keys under `settings` are the service's own.
                """);
        sections().forEach((name, type) -> {
            page.append("\n## ").append(name).append("\n\n| key | type | default | rules | |\n|---|---|---|---|---|\n");
            rows(type, "", page);
        });
        return page.toString();
    }

    private static void rows(Class<? extends Record> type, String prefix, StringBuilder page) {
        for (var property : Schema.of(type).properties()) {
            if (property.shape().kind() == Shape.Kind.RECORD) {
                rows(property.rawType().asSubclass(Record.class), prefix + property.key() + ".", page);
                continue;
            }
            var rules = new ArrayList<String>();
            property.rules().forEach(rule -> rules.add(rule.expected().replace("|", "\\|")));
            var defaultText = property.defaultText();
            page.append("| `").append(prefix).append(property.key()).append("` | ");
            page.append(typeName(property.held().type().getTypeName())).append(" | ");
            page.append(defaultText == null ? "" : "`" + defaultText + "`").append(" | ");
            page.append(String.join(", ", rules)).append(" | ");
            page.append(property.doc() == null ? "" : property.doc()).append(" |\n");
        }
    }

    private static String typeName(String name) {
        return name.replaceAll("[a-z]+\\.", "").replaceAll("\\w+\\$", "").replace("<", "&lt;");
    }

    @SuppressWarnings("unchecked") // the components of Bound that are records are the sections
    private static Map<String, Class<? extends Record>> sections() {
        var sections = new LinkedHashMap<String, Class<? extends Record>>();
        for (var component : Bound.class.getRecordComponents()) {
            if (component.getType().isRecord()) {
                sections.put(
                        component.getName().equals("watch") ? "config" : component.getName(),
                        (Class<? extends Record>) component.getType());
            }
        }
        sections.put("clients.NAME", ClientConfig.class);
        return sections;
    }

    /** Every YAML block of every page is a configuration that a service starts with. */
    @Test
    void everyYamlBlockIsValid(@TempDir Path folder) throws IOException {
        var judged = new ArrayList<String>();
        try (var pages = Files.list(DOCS)) {
            for (var page : pages.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                for (var block : blocks(Files.readString(page))) {
                    Files.writeString(folder.resolve("service.yaml"), block);
                    Bound.of(
                            new Sources(Arguments.none(), Map.of(), folder, DocsTest.class.getClassLoader()),
                            Settings.class);
                    judged.add(page.getFileName().toString());
                }
            }
        }
        assertThat(judged)
                .contains(
                        "configuration.md", "http.md", "logging.md", "tracing.md", "clients.md", "stop.md", "admin.md");
    }

    private static List<String> blocks(String page) {
        var blocks = new ArrayList<String>();
        for (int from = page.indexOf("```yaml\n"); from >= 0; from = page.indexOf("```yaml\n", from + 1)) {
            blocks.add(page.substring(from + 8, page.indexOf("\n```", from) + 1));
        }
        return blocks;
    }
}
