package dev.plinth.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.schema.ByteSize;
import dev.plinth.time.ManualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatingFileTest {
    private static final int KIB = 1024;

    private final ManualTime time = new ManualTime(Instant.parse("2026-11-21T03:15:09.862220Z"), 1);

    @TempDir
    Path folder;

    private LogFile config(boolean daily, int maxFiles) {
        return new LogFile(folder.resolve("logs/orders.log"), LogFormat.AUTO, new ByteSize(64 * KIB), daily, maxFiles);
    }

    private static void write(RotatingFile file, char letter, int length) throws IOException {
        var line = (String.valueOf(letter).repeat(length - 1) + "\n").getBytes(StandardCharsets.US_ASCII);
        file.write(line, line.length);
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(folder.resolve("logs"))) {
            return files.map(file -> file.getFileName() + " " + content(file))
                    .sorted()
                    .toList();
        }
    }

    private static String content(Path file) {
        try {
            var text = Files.readString(file);
            return text.isEmpty() ? "0" : text.charAt(0) + " " + text.length();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void isPutAsideBeforeItGrowsTooLarge_andTheOldestAreDeleted() throws IOException {
        try (var file = new RotatingFile(config(false, 2), time)) {
            for (var letter : "abcd".toCharArray()) {
                write(file, letter, 40 * KIB);
                write(file, letter, 24 * KIB);
            }
        }

        assertThat(files())
                .containsExactly(
                        "orders-2026-11-21T03-15-09.862221Z.log b 65536",
                        "orders-2026-11-21T03-15-09.862222Z.log c 65536",
                        "orders.log d 65536");
    }

    @Test
    void deletesNothingElse() throws IOException {
        Files.createDirectories(folder.resolve("logs"));
        for (var other : List.of("orders-old.log", "orders-2026-11-21T03-15-09.86222xZ.log", "orders-x.txt", "a.log")) {
            Files.writeString(folder.resolve("logs").resolve(other), "");
        }
        try (var file = new RotatingFile(config(false, 0), time)) {
            write(file, 'a', 60 * KIB);
            write(file, 'b', 60 * KIB);
        }

        assertThat(files())
                .containsExactly(
                        "a.log 0",
                        "orders-2026-11-21T03-15-09.86222xZ.log 0",
                        "orders-old.log 0",
                        "orders-x.txt 0",
                        "orders.log b 61440");
    }

    @Test
    void isContinuedByTheNextProcess() throws IOException {
        try (var file = new RotatingFile(config(false, 2), time)) {
            write(file, 'a', 40 * KIB);
        }
        try (var file = new RotatingFile(config(false, 2), time)) {
            write(file, 'b', 20 * KIB);
            write(file, 'c', 10 * KIB);
        }

        assertThat(files()).containsExactly("orders-2026-11-21T03-15-09.862220Z.log a 61440", "orders.log c 10240");
    }

    @Test
    void isPutAsideAtMidnight() throws IOException {
        try (var file = new RotatingFile(config(true, 5), time)) {
            write(file, 'a', 10);
            time.advance(Duration.ofHours(20));
            write(file, 'a', 10);
            time.advance(Duration.ofHours(1));
            write(file, 'b', 10);
        }

        assertThat(files()).containsExactly("orders-2026-11-22T00-15-09.862220Z.log a 20", "orders.log b 10");
    }

    @Test
    void theFileOfAnEarlierDayIsPutAsideAtTheFirstLine() throws IOException {
        try (var file = new RotatingFile(config(true, 5), time)) {
            write(file, 'a', 10);
        }
        Files.setLastModifiedTime(
                folder.resolve("logs/orders.log"), FileTime.from(Instant.parse("2026-11-20T23:00:00Z")));
        try (var file = new RotatingFile(config(true, 5), time)) {
            write(file, 'b', 10);
        }

        assertThat(files()).containsExactly("orders-2026-11-21T03-15-09.862220Z.log a 10", "orders.log b 10");
    }

    @Test
    void comesBackWhenItWasRemovedOrRenamed() throws IOException {
        var path = folder.resolve("logs/orders.log");
        try (var file = new RotatingFile(config(false, 5), time)) {
            write(file, 'a', 10);
            Files.move(path, path.resolveSibling("orders.log.1"));
            time.advance(Duration.ofSeconds(1));
            write(file, 'b', 10);
            Files.delete(path);
            Files.delete(path.resolveSibling("orders.log.1"));
            Files.delete(path.getParent());
            time.advance(Duration.ofSeconds(1));
            write(file, 'c', 10);
        }

        assertThat(files()).containsExactly("orders.log c 10");
    }

    @Test
    void mayBeCutToNothingFromOutside() throws IOException {
        var path = folder.resolve("logs/orders.log");
        try (var file = new RotatingFile(config(false, 5), time)) {
            write(file, 'a', 60 * KIB);
            Files.writeString(path, "");
            time.advance(Duration.ofSeconds(1));
            write(file, 'b', 60 * KIB);
        }

        assertThat(files()).containsExactly("orders.log b 61440");
    }

    @Test
    void saysWhereItCanNotBeOpened() throws IOException {
        Files.writeString(folder.resolve("logs"), "");

        assertThatThrownBy(() -> new RotatingFile(config(false, 5), time)).isInstanceOf(IOException.class);
    }
}
