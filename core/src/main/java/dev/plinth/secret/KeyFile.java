package dev.plinth.secret;

import dev.plinth.time.Time;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The file that holds the keys of {@link Fernet}: one in each line, the newest first; empty lines and those that begin
 * with {@code #} don't count. Immutable; the file is read anew at each call.
 *
 * @param path where it is
 */
public record KeyFile(Path path) {
    /** The variable that names the file: {@value}. */
    public static final String VARIABLE = "PLINTH_KEY_FILE";

    /** Its name in the working directory, where the variable names none: {@value}. */
    public static final String NAME = "key.key";

    private static final int MAX_BYTES = 1 << 16;

    /** The file that {@value #VARIABLE} of {@code environment} names, else {@value #NAME} in {@code directory}. */
    public static KeyFile find(Map<String, String> environment, Path directory) {
        var named = environment.getOrDefault(VARIABLE, "");
        return new KeyFile(directory.resolve(named.isEmpty() ? NAME : named));
    }

    /**
     * Makes the file with one new key, for the owner alone to read.
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is one, which stays as it is
     * @throws IOException if it can't be written
     */
    public void create() throws IOException {
        write(path, Fernet.newKey().reveal() + "\n");
    }

    /**
     * Puts a new key before those that are there: it encrypts from now on, and the others still decrypt.
     *
     * @throws DecryptionException if there is no such file, or it can't be read
     * @throws IOException if it can't be written; it stays as it is then
     */
    public void add() throws IOException {
        fernet(Time.system());
        var real = path.toRealPath();
        var text = Fernet.newKey().reveal() + "\n" + Files.readString(real);
        var draft = real.resolveSibling(
                "." + real.getFileName() + "." + ProcessHandle.current().pid());
        try {
            write(draft, text);
            Files.move(draft, real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static void write(Path path, String text) throws IOException {
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var attributes = path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {owner}
                : new FileAttribute<?>[0];
        try (var channel = Files.newByteChannel(path, options, attributes)) {
            channel.write(StandardCharsets.UTF_8.encode(text));
        }
    }

    /**
     * What encrypts and decrypts with its keys.
     *
     * @throws DecryptionException if there is no such file, it can't be read, or a line of it is no key
     */
    public Fernet fernet(Time time) {
        var keys = new ArrayList<Secret>();
        int number = 0;
        for (var line : text().lines().toList()) {
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                var key = Secret.of(line.strip());
                try {
                    Fernet.of(List.of(key), time);
                } catch (IllegalArgumentException e) {
                    throw new DecryptionException(path + ":" + number + ": " + e.getMessage());
                }
                keys.add(key);
            }
        }
        if (keys.isEmpty()) {
            throw new DecryptionException(
                    path + " holds no key (expected: one in each line; plinth key create makes one)");
        }
        return Fernet.of(keys, time);
    }

    private String text() {
        try (var in = Files.newInputStream(path)) {
            var bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new DecryptionException(path + " is larger than 64 KiB, so it is no key file");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new DecryptionException("there is no key at " + path + ". Set " + VARIABLE
                    + " to the file that holds it," + " or put it there; plinth key create makes a new one.");
        } catch (FileSystemException e) {
            throw new DecryptionException("the key " + path + " can't be read: " + reason(e));
        } catch (IOException e) {
            throw new DecryptionException("the key " + path + " can't be read: " + e.getMessage());
        }
    }

    private static String reason(FileSystemException e) {
        return e instanceof java.nio.file.AccessDeniedException ? "permission denied" : String.valueOf(e.getReason());
    }

    /** Whether users other than the owner and his group can read it; false where the file system can't tell. */
    public boolean isOpenToOthers() {
        var view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        try {
            return view != null && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException e) {
            return false; // whoever reads it is told why he can't
        }
    }
}
