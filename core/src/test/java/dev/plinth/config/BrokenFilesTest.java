package dev.plinth.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.config.Sample.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each {@code NAME.yaml} of the folder gives exactly the text of {@code NAME.txt} beside it. */
class BrokenFilesTest {
    private static final Path FOLDER = Path.of("src/test/resources/config/broken");

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
    void saysExactlyWhatIsWrong(String name, @TempDir Path directory) throws IOException {
        var world = new World(directory).file("service.yaml", Files.readAllBytes(FOLDER.resolve(name + ".yaml")));
        if (!name.equals("missing-key")) {
            world.file("key.key", "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=\n");
        }
        var text = world.failure();
        assertThat(text + "\n").isEqualTo(Files.readString(FOLDER.resolve(name + ".txt")));
        assertThat(text).doesNotContain("dev.plinth", "java.util", "java.lang", "snakeyaml", "Exception");
    }

    @Test
    void thereAreMany() throws IOException {
        assertThat(names()).hasSizeGreaterThanOrEqualTo(60);
    }
}
