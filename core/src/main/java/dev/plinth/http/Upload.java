package dev.plinth.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * A file that came in a form: in memory while small, else in a file of its own that is gone when the request is answered.
 * Belongs to the thread of the request.
 */
public final class Upload {
    private final String field;
    private final String fileName;
    private final String contentType;
    private final byte @Nullable [] bytes;
    private final @Nullable Path file;
    private final long size;

    Upload(String field, String fileName, String contentType, byte @Nullable [] bytes, @Nullable Path file, long size) {
        this.field = field;
        this.fileName = fileName;
        this.contentType = contentType;
        this.bytes = bytes;
        this.file = file;
        this.size = size;
    }

    /** The name of the form's field. */
    public String field() {
        return field;
    }

    /**
     * The name that the sender gives the file, without folders and control characters; empty where it gives none. To show
     * to people: never the name of a file of yours.
     */
    public String fileName() {
        return fileName;
    }

    /** What the sender says that it is; {@code application/octet-stream} where it says nothing. Nobody checked it. */
    public String contentType() {
        return contentType;
    }

    /** Its length in bytes. */
    public long size() {
        return size;
    }

    /** Its content from the beginning; close it. */
    public InputStream stream() throws IOException {
        return file == null ? new ByteArrayInputStream(memory()) : Files.newInputStream(file);
    }

    /** Its content as a whole. {@link #size()} tells what that takes. */
    public byte[] bytes() throws IOException {
        return file == null ? memory().clone() : Files.readAllBytes(file);
    }

    /** Copies it to {@code target}, which must not exist. */
    public void saveTo(Path target) throws IOException {
        if (file == null) {
            Files.write(target, memory(), java.nio.file.StandardOpenOption.CREATE_NEW);
        } else {
            Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private byte[] memory() {
        return java.util.Objects.requireNonNull(bytes, "an upload is in memory or in a file");
    }

    /** Removes its file. */
    void remove() throws IOException {
        if (file != null) {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public String toString() {
        return "upload '" + field + "' of " + size + " bytes";
    }
}
