package dev.plinth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.error.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/errors.md lists the codes and categories that the code has, no more and no less. */
class ErrorsDocTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/plinth");
    private static final Pattern CODE = Pattern.compile("(?:\\.(?:badRequest|unauthorized|forbidden|notFound|conflict"
            + "|unsupported|unavailable|refusal)\\(\\s*|Category\\.[A-Z_]+,\\s*|new Refused\\(\\s*[0-9]+,\\s*"
            + "|gone\\([0-9]+,\\s*|refuse\\(\\s*this,\\s*)\"([A-Z_0-9]+)\"");

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "errors.md"));
    }

    private static Set<String> found(Pattern pattern, String text) {
        var found = new TreeSet<String>();
        for (var match = pattern.matcher(text); match.find(); ) {
            found.add(match.group(1));
        }
        return found;
    }

    @Test
    void codesAreThoseOfTheSources() throws IOException {
        // Those two are made by Problem itself, with methods of their own.
        var codes = new TreeSet<>(List.of("VALIDATION_FAILED", "DEADLINE_EXCEEDED"));
        try (var files = Files.walk(SOURCES)) {
            for (var file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                // That of an example in a comment is nobody's.
                codes.addAll(found(CODE, Files.readString(file).replaceAll("(?m)^ *\\*.*", "")));
            }
        }
        assertThat(codes).hasSizeGreaterThan(50);
        var page = page();
        assertThat(found(Pattern.compile("(?m)^\\| `([A-Z_0-9]+)` \\| [0-9]"), page))
                .as("docs/errors.md: the codes changed")
                .isEqualTo(codes);
    }

    @Test
    void categoriesAreAllThere_withTheirStatuses() throws IOException {
        var page = page();
        for (var category : Category.values()) {
            assertThat(page)
                    .containsPattern(
                            "\\| `" + category.wireName() + "` \\| `[A-Za-z]+` \\| " + category.status() + "[; ]");
        }
    }
}
