package dev.plinth.http;

import dev.plinth.error.Problem;
import dev.plinth.http.engine.HttpDate;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;

/** The body of an answer that is a file. */
record FileBody(Path path, long size, String tag, String lastModified) {
    /**
     * A regular file as it is now; its tag is made of size and time of change.
     *
     * @throws Problem 404 {@code NOT_FOUND} if there is none
     */
    static FileBody of(Path path) {
        try {
            var attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.isRegularFile()) {
                var changed = attributes.lastModifiedTime();
                return new FileBody(
                        path,
                        attributes.size(),
                        '"' + Long.toHexString(attributes.size()) + '-' + Long.toHexString(changed.toMillis()) + '"',
                        HttpDate.format(changed.toInstant().getEpochSecond()));
            }
        } catch (IOException none) {
            throw nothing().causedBy(none);
        }
        throw nothing();
    }

    /**
     * The file of a relative path below a folder, which is never left: not by {@code ..}, not by a link.
     *
     * @throws Problem 404 {@code NOT_FOUND} if there is none
     */
    static FileBody below(Path folder, String relative) {
        try {
            var real = folder.toRealPath();
            var wanted = real.resolve(relative).normalize();
            if (relative.startsWith("/") || relative.indexOf('\\') >= 0 || !wanted.startsWith(real)) {
                throw nothing();
            }
            var found = wanted.toRealPath();
            if (!found.startsWith(real)) {
                throw nothing();
            }
            return of(found);
        } catch (IOException | InvalidPathException none) {
            throw nothing();
        }
    }

    private static Problem nothing() {
        return Problem.notFound("NOT_FOUND", "there is nothing at this path");
    }

    /** By the end of the name; what is not known is bytes, which no browser tries to show. */
    String contentType() {
        var name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html", "htm" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js", "mjs" -> "text/javascript; charset=utf-8";
            case "txt", "log" -> "text/plain; charset=utf-8";
            case "md" -> "text/markdown; charset=utf-8";
            case "csv" -> "text/csv; charset=utf-8";
            case "json", "map" -> "application/json";
            case "xml" -> "application/xml";
            case "yaml", "yml" -> "application/yaml";
            case "pdf" -> "application/pdf";
            case "zip" -> "application/zip";
            case "gz" -> "application/gzip";
            case "wasm" -> "application/wasm";
            case "svg" -> "image/svg+xml";
            case "png" -> "image/png";
            case "jpg", "jpeg" -> "image/jpeg";
            case "gif" -> "image/gif";
            case "webp" -> "image/webp";
            case "avif" -> "image/avif";
            case "ico" -> "image/x-icon";
            case "woff2" -> "font/woff2";
            case "mp3" -> "audio/mpeg";
            case "ogg" -> "audio/ogg";
            case "mp4" -> "video/mp4";
            case "webm" -> "video/webm";
            default -> "application/octet-stream";
        };
    }

    FileChannel open() throws IOException {
        return FileChannel.open(path);
    }

    /** Copies a part; a file that became shorter meanwhile is an error, since the length was promised. */
    static void copy(FileChannel from, Ranges.Range range, OutputStream to) throws IOException {
        var buffer = ByteBuffer.allocate((int) Math.min(64 * 1024, Math.max(1, range.length())));
        var out = Channels.newChannel(to);
        long at = range.first();
        while (at <= range.last()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), range.last() - at + 1));
            int n = from.read(buffer, at);
            if (n < 0) {
                throw new IOException("the file became shorter while it was sent");
            }
            at += n;
            out.write(buffer.flip());
        }
    }
}
