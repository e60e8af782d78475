package dev.plinth.cli;

import dev.plinth.config.ConfigException;
import dev.plinth.config.Rotation;
import dev.plinth.secret.Fernet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;

/** A file of configuration whose values are encrypted anew: all of them, or the file stays as it is. */
final class RotatedFile {
    private RotatedFile() {}

    static Rotation rotate(Path file, Fernet fernet) {
        try {
            var bytes = Files.readAllBytes(file);
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            var rotation = Rotation.of(text, file.toString(), fernet);
            if (rotation.count() > 0) {
                replace(file.toRealPath(), rotation.text());
            }
            return rotation;
        } catch (ConfigException e) {
            throw Failure.failed("nothing was changed. " + e.getMessage());
        } catch (NoSuchFileException e) {
            throw Failure.usage("there is no file " + file);
        } catch (CharacterCodingException e) {
            throw Failure.failed(file + " is no text (expected: UTF-8)");
        } catch (IOException e) {
            throw Failure.failed(file + " can't be read or written: " + Failure.reason(e));
        }
    }

    /** Whoever reads at the same time sees the old file or the new one, whole. */
    private static void replace(Path file, String text) throws IOException {
        var draft = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid());
        try {
            Files.copy(file, draft, StandardCopyOption.COPY_ATTRIBUTES);
            var owner = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            if (owner != null) {
                Files.setPosixFilePermissions(draft, owner.readAttributes().permissions());
            }
            Files.writeString(draft, text);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
