package dev.plinth.client;

import dev.plinth.client.engine.Outbound;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Fields and files in one body (RFC 7578): {@code new Multipart().field("title", "Invoice").file("scan", path,
 * "image/png")}. Files are read as they are sent. Used by one thread.
 */
public final class Multipart {
    private interface Content {
        long length();

        void writeTo(OutputStream to) throws IOException;
    }

    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
    private record Part(byte[] head, Content content) {}

    private final String boundary = "plinth-" + UUID.randomUUID();
    private final List<Part> parts = new ArrayList<>();

    /** Without parts yet. */
    public Multipart() {}

    /** Adds a field of text. */
    public Multipart field(String name, String value) {
        return add(
                "name=\"" + quoted(name) + "\"", "text/plain; charset=utf-8", value.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a file that is in memory. */
    public Multipart file(String name, String fileName, String contentType, byte[] content) {
        return add("name=\"" + quoted(name) + "\"; filename=\"" + quoted(fileName) + "\"", contentType, content);
    }

    /** Adds a file from disk, under its own name. */
    public Multipart file(String name, Path file, String contentType) {
        var fileName = String.valueOf(file.getFileName());
        parts.add(new Part(
                head("name=\"" + quoted(name) + "\"; filename=\"" + quoted(fileName) + "\"", contentType),
                new Content() {
                    @Override
                    public long length() {
                        try {
                            return Files.size(file);
                        } catch (IOException unreadable) {
                            throw new UncheckedIOException("file '" + file + "' can't be read", unreadable);
                        }
                    }

                    @Override
                    public void writeTo(OutputStream to) throws IOException {
                        Files.copy(file, to);
                    }
                }));
        return this;
    }

    private Multipart add(String disposition, String contentType, byte[] content) {
        parts.add(new Part(head(disposition, contentType), new Content() {
            @Override
            public long length() {
                return content.length;
            }

            @Override
            public void writeTo(OutputStream to) throws IOException {
                to.write(content);
            }
        }));
        return this;
    }

    private byte[] head(String disposition, String contentType) {
        if (contentType.indexOf('\r') >= 0 || contentType.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("content type '" + contentType.strip() + "' holds a line end");
        }
        return ("--" + boundary + "\r\nContent-Disposition: form-data; " + disposition + "\r\nContent-Type: "
                        + contentType + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** As browsers do it: quotes and line ends percent-encoded. */
    private static String quoted(String text) {
        return text.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
    }

    String contentType() {
        return "multipart/form-data; boundary=" + boundary;
    }

    private byte[] end() {
        return ("--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
    }

    Outbound.Body body() {
        return new Outbound.Body() {
            @Override
            public long length() {
                return Multipart.this.length();
            }

            @Override
            public void writeTo(OutputStream to) throws IOException {
                Multipart.this.writeTo(to);
            }
        };
    }

    private long length() {
        long length = end().length;
        for (var part : parts) {
            length += part.head.length + part.content.length() + 2;
        }
        return length;
    }

    private void writeTo(OutputStream to) throws IOException {
        for (var part : parts) {
            to.write(part.head);
            part.content.writeTo(to);
            to.write('\r');
            to.write('\n');
        }
        to.write(end());
    }
}
