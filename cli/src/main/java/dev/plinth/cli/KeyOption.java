package dev.plinth.cli;

import dev.plinth.secret.DecryptionException;
import dev.plinth.secret.Fernet;
import dev.plinth.secret.KeyFile;
import dev.plinth.time.Time;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which key file is meant. Set by picocli. */
final class KeyOption {
    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "The key file. Default: the one that PLINTH_KEY_FILE names, else key.key in this folder")
    private @Nullable Path file;

    KeyFile key() {
        return file == null ? KeyFile.find(System.getenv(), Path.of("")) : new KeyFile(file);
    }

    Fernet fernet() {
        try {
            return key().fernet(Time.system());
        } catch (DecryptionException e) {
            throw Failure.failed(String.valueOf(e.getMessage()));
        }
    }
}
