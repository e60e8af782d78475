package dev.plinth.config;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;

/**
 * The file that holds the last good document. Its first line says of which document, so that nobody takes another's. It is
 * written beside its place and moved there, so that it is whole or as it was. One thread at a time.
 */
final class BootCopy {
    private static final String HEAD = "# Last good copy of ";
    private static final String READ = ", read ";

    private final Path file;
    private String head = "";

    BootCopy(Path file) {
        this.file = file;
    }

    /** What was kept of the document of that name. */
    BootDocument read(String name) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException none) {
            throw new IOException("there is no such file", none);
        } catch (FileSystemException failed) {
            throw new IOException(Layers.reason(failed), failed);
        }
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        head = new String(bytes, 0, end, StandardCharsets.UTF_8);
        if (!head.startsWith(HEAD + line(name) + READ)) {
            throw new IOException(
                    head.startsWith(HEAD)
                            ? "it is of " + head.substring(HEAD.length())
                            : "its first line does not say of what it is a copy");
        }
        return new BootDocument("copy", bytes);
    }

    /** Such as {@code boot-copy.yaml of 2026-11-30T20:00:00Z}. */
    String describe() {
        return file + " of " + head.substring(head.lastIndexOf(READ) + READ.length());
    }

    private static String line(String name) {
        return name.replaceAll("\\p{Cntrl}", " ");
    }

    /** Keeps the document of that name. */
    void write(String name, BootDocument document, Instant now) throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes((HEAD + line(name) + READ + now + "\n").getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(withoutMark(document.content()));
        var place = file.toAbsolutePath();
        var folder = place.getParent();
        if (folder == null) {
            throw new IOException("it is no file");
        }
        var draft = Files.createTempFile(folder, ".boot", ".tmp", ownersOnly(place));
        try {
            try (var out = new FileOutputStream(draft.toFile())) {
                out.write(bytes.toByteArray());
                out.getFD().sync();
            }
            Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static FileAttribute<?>[] ownersOnly(Path place) {
        return place.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /** A byte order mark may stand at the very beginning of a text alone. */
    private static byte[] withoutMark(byte[] content) {
        boolean marked = content.length >= 3
                && content[0] == (byte) 0xEF
                && content[1] == (byte) 0xBB
                && content[2] == (byte) 0xBF;
        return marked ? Arrays.copyOfRange(content, 3, content.length) : content;
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
