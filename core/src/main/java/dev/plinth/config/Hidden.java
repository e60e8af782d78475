package dev.plinth.config;

import dev.plinth.secret.DecryptionException;
import dev.plinth.secret.Decryptor;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Finds the values that don't stand in the sources themselves: behind a token, or in a mounted file. Each is opened only
 * when it is bound, so that a token which a stronger source replaces needs no key. One thread at a time.
 */
final class Hidden implements AutoCloseable {
    private static final String FILE = "file:";

    private final Opener opener;
    private final Path directory;
    private final Set<Path> files;
    private final Problems problems;
    private final Map<String, String> opened = new HashMap<>();
    private final Set<String> texts = new HashSet<>();
    private @Nullable Decryptor decryptor;
    private boolean failed;

    /** Makes the decryptor when the first token is met. */
    @FunctionalInterface
    interface Opener {
        /** Null if the configuration doesn't say which, which is told elsewhere. */
        @Nullable
        Decryptor open();
    }

    /**
     * For one reading.
     *
     * @param directory against which paths are resolved that no file names
     * @param files takes every file that is read
     */
    Hidden(Opener opener, Path directory, Set<Path> files, Problems problems) {
        this.opener = opener;
        this.directory = directory;
        this.files = files;
        this.problems = problems;
    }

    /** What {@code token} hides; null if it can't be opened, which has been told. */
    @Nullable
    String decrypt(String token, String key, Origin origin) {
        var earlier = opened.get(token);
        if (earlier != null) {
            return earlier;
        }
        try {
            if (decryptor == null && !failed) {
                failed = true; // until it is there: what is missing is told once, and not for every token
                decryptor = opener.open();
                failed = decryptor == null;
            }
        } catch (DecryptionException e) {
            problems.add(key, "can't be decrypted: " + e.getMessage(), origin);
        }
        if (decryptor == null) {
            return null;
        }
        try {
            var text = decryptor.decrypt(token).reveal();
            opened.put(token, text);
            note(text);
            return text;
        } catch (DecryptionException e) {
            problems.add(key, "its token " + e.getMessage(), origin);
            return null;
        }
    }

    /**
     * The text of a secret: what the file holds, where the text is {@code file:PATH}, else the text itself; null if the
     * file can't be taken, which has been told.
     */
    @Nullable
    String secret(String text, String key, Origin origin) {
        var found = text.startsWith(FILE) ? read(text.substring(FILE.length()), key, origin) : text;
        if (found != null) {
            note(found);
        }
        return found;
    }

    private @Nullable String read(String name, String key, Origin origin) {
        var local = name.startsWith("///") ? name.substring(2) : name;
        Path path;
        try {
            path = Path.of(local);
        } catch (InvalidPathException e) {
            path = Path.of("");
        }
        if (local.startsWith("//") || path.toString().isEmpty()) {
            problems.add(
                    key,
                    "names no file (expected: file:/run/secrets/NAME, or a secret that doesn't begin with file:)",
                    origin);
            return null;
        }
        var resolved = resolve(path, origin);
        files.add(resolved);
        return MountedFile.read(resolved, message -> problems.add(key, message, origin));
    }

    private Path resolve(Path path, Origin origin) {
        return origin.kind() == Origin.Kind.FILE
                ? directory.resolve(origin.name()).resolveSibling(path)
                : directory.resolve(path);
    }

    private void note(String text) {
        if (!text.isEmpty()) {
            texts.add(text);
        }
    }

    /** Lets go of what the decryptor holds open. */
    @Override
    public void close() {
        if (decryptor instanceof AutoCloseable open) {
            try {
                open.close();
            } catch (Exception e) {
                LoggerFactory.getLogger(Hidden.class).warn("what decrypts the configuration could not be closed", e);
            }
        }
    }

    /** Whether a message of someone else's holds one of them. */
    boolean isIn(String message) {
        for (var text : texts) {
            if (message.contains(text)) {
                return true;
            }
        }
        return false;
    }
}
