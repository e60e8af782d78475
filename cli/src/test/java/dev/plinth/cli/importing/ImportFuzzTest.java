package dev.plinth.cli.importing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is written, the answer is a file or a {@link Refused}; more by {@code -Dfuzz.iterations=100000}. */
class ImportFuzzTest {
    private static final int ITERATIONS = Integer.getInteger("fuzz.iterations", 2000);
    private static final List<String> PIECES = List.of(
            ": ",
            "- ",
            "\n",
            "\n  ",
            "[",
            "]",
            "{",
            "}",
            "{{",
            "}}",
            "{{X}}",
            "{{#if X}}",
            "{{/if}}",
            "{{^X}}",
            "\n{{#X}}\n",
            "\n{{/X}}\n",
            "&a ",
            "*a",
            "<<: ",
            "'",
            "\"",
            "#",
            " # c\n",
            "~",
            "${",
            "\uE000",
            "\uE0000\uE001",
            "descriptor: ",
            "type: ",
            "options: ",
            "connection: ",
            "pyms: ",
            "config: ",
            "services: ",
            "crypt: ",
            "enc_",
            ".",
            ".a.b",
            "|\n",
            "0x",
            "09",
            "1:2",
            "-",
            "?",
            "!!str ",
            "\t",
            "\u0000",
            "\u2028",
            "é",
            "---\n",
            "...\n");

    @Test
    void brokenFilesAreRefused() throws IOException {
        var random = new Random(Long.getLong("fuzz.seed", 42));
        var files = ImportTest.files();
        for (int i = 0; i < ITERATIONS; i++) {
            var text = Files.readString(Path.of("src/test/resources/import", files.get(random.nextInt(files.size()))));
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                text = mutated(text, random);
            }
            var begun = System.nanoTime();
            try {
                var from = random.nextInt(3) == 0 ? Import.From.SAMBA : null;
                assertThat(Import.of(text, "x.yml", from).text()).startsWith("# Made of x.yml");
            } catch (Refused e) {
                assertThat(e.text()).as("%s", text).doesNotContain("java.", "dev.plinth");
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("for: " + text, e);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .as("%s", text)
                    .isLessThan(Duration.ofSeconds(5));
        }
    }

    private static String mutated(String text, Random random) {
        int at = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), at + random.nextInt(12));
        var piece = PIECES.get(random.nextInt(PIECES.size()));
        return switch (random.nextInt(4)) {
            case 0 -> text.substring(0, at) + piece + text.substring(at);
            case 1 -> text.substring(0, at) + text.substring(to);
            case 2 -> text.substring(0, at) + text.substring(at, to) + text.substring(at);
            default -> text.substring(0, at) + piece + text.substring(to);
        };
    }
}
