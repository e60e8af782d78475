package dev.plinth.http;

import dev.plinth.http.engine.UnixSocketSettings;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A Unix domain socket of a listener, key {@code socket}: for a proxy on the same machine, which then needs no port. TLS is
 * not spoken on it; who may connect is said by the mode of its file.
 *
 * @param path the file; its folder has to be there, and only the service should be able to write in it. A file beside it
 *     ending in {@code .lock} tells whose it is.
 * @param mode who may connect, in octal. Choose 660 and the proxy's group, or 666 where the folder protects it.
 * @param only whether it is instead of the port
 */
public record UnixSocketConfig(
        @Doc("File of the socket.") Path path,
        @Default("660") @Pattern(regexp = "0?[0-7]{3}") @Doc("Who may connect, in octal.") String mode,
        @Default("false") @Doc("Whether it is instead of the port.") boolean only) {
    UnixSocketSettings settings() {
        int bits = Integer.parseInt(mode, 8);
        var letters = new StringBuilder("rwxrwxrwx");
        for (int i = 0; i < 9; i++) {
            if ((bits >> (8 - i) & 1) == 0) {
                letters.setCharAt(i, '-');
            }
        }
        return new UnixSocketSettings(path, PosixFilePermissions.fromString(letters.toString()), only);
    }
}
