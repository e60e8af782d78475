package dev.plinth.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A file that holds one value, as orchestrators mount secrets. */
final class MountedFile {
    private static final int MAX_BYTES = 1 << 16;

    private MountedFile() {}

    /** Its text without the line end that editors and {@code echo} put last; null if there is none, which is told. */
    static @Nullable String read(Path path, Consumer<String> problem) {
        try {
            if (Files.isDirectory(path)) {
                problem.accept(path + " is a folder (expected: a file that holds the value)");
                return null;
            }
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                problem.accept(path + " is a pipe or a device (expected: a file that holds the value)");
                return null;
            }
            byte[] bytes;
            try (var in = Files.newInputStream(path)) {
                bytes = in.readNBytes(MAX_BYTES + 1);
            }
            if (bytes.length > MAX_BYTES) {
                problem.accept(path + " is larger than 64 KiB (expected: a file that holds one value)");
                return null;
            }
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            int end =
                    text.endsWith("\r\n") ? text.length() - 2 : text.endsWith("\n") ? text.length() - 1 : text.length();
            if (end == 0) {
                problem.accept(path + " is empty");
                return null;
            }
            return text.substring(0, end);
        } catch (NoSuchFileException e) {
            problem.accept("there is no file " + path);
        } catch (CharacterCodingException e) {
            problem.accept(path + " is no text (expected: UTF-8)");
        } catch (IOException e) {
            problem.accept(path + " can't be read: " + Layers.reason(e));
        }
        return null;
    }
}
