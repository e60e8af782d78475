package dev.plinth.http;

import dev.plinth.error.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code multipart/form-data} (RFC 7578) part by part from the socket: texts into memory within one limit for all of
 * them, files into memory or beyond a size into a file each. Strict: what browsers and curl don't send is refused.
 */
final class Multipart {
    private static final int BUFFER = 16 * 1024;
    /** The head of one part: name, file name, type. Browsers need some hundred bytes. */
    private static final int MOST_HEAD = 4 * 1024;

    private static final int MOST_PREAMBLE = 1024;

    private final InputStream in;
    private final UploadConfig config;
    private final long textLimit;
    private final byte[] delimiter;
    private final byte[] buffer;
    private int at;
    private int end;
    private long texts;
    private int parts;

    final Map<String, List<String>> fields = new LinkedHashMap<>();
    final List<Upload> files = new ArrayList<>();

    /**
     * A reader of one body.
     *
     * @param textLimit bytes of all fields that are no files
     * @throws Problem 400 {@code MALFORMED_FORM} if the content type has no usable boundary
     */
    Multipart(InputStream in, String contentType, UploadConfig config, long textLimit) {
        this.in = in;
        this.config = config;
        this.textLimit = textLimit;
        var boundary = parameter(contentType, "boundary");
        if (boundary == null || !boundary.matches("[A-Za-z0-9'()+_,./:=? -]{0,69}[A-Za-z0-9'()+_,./:=?-]")) {
            throw malformed("its content type has no boundary of 1 to 70 allowed characters");
        }
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII);
        this.buffer = new byte[BUFFER];
        // The first delimiter may stand at the very beginning, where no line end comes before it.
        buffer[0] = '\r';
        buffer[1] = '\n';
        this.end = 2;
    }

    /**
     * Reads all of it; {@link #files} are to be removed by the caller, also where this throws.
     *
     * @throws Problem 400 {@code MALFORMED_FORM}; 413 {@code BODY_TOO_LARGE} or {@code TOO_MANY_FIELDS}
     */
    void read() throws IOException {
        copyPart(new Bounded(MOST_PREAMBLE, "MALFORMED_FORM", "the form does not begin with its boundary"));
        while (nextPart()) {
            if (++parts > config.maxParts()) {
                throw Problem.badRequest(
                                "TOO_MANY_FIELDS",
                                "the form has more than " + config.maxParts() + " fields (http.uploads.max-parts)")
                        .withStatus(413);
            }
            readPart();
        }
        // What follows the end means nothing; reading it keeps the connection, within the limit of the body.
        while (in.read(buffer) >= 0) {}
    }

    private void readPart() throws IOException {
        var head = head();
        var disposition = head.get("content-disposition");
        if (disposition == null || !disposition.toLowerCase(Locale.ROOT).startsWith("form-data")) {
            throw malformed("part " + parts + " has no Content-Disposition: form-data");
        }
        var name = parameter(disposition, "name");
        if (name == null) {
            throw malformed("part " + parts + " has no name");
        }
        if (head.containsKey("content-transfer-encoding")
                && !head.getOrDefault("content-transfer-encoding", "").matches("(?i)binary|7bit|8bit")) {
            throw malformed("part " + parts + " has a Content-Transfer-Encoding, which RFC 7578 forbids");
        }
        var fileName = parameter(disposition, "filename");
        if (fileName == null) {
            var text = new Bounded(textLimit - texts, "", "");
            copyPart(text);
            texts += text.size();
            fields.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(utf8(text.toByteArray()));
        } else {
            var type = head.getOrDefault("content-type", "application/octet-stream");
            var content = new Spill(config.memory().bytes(), config.folder().orElse(null));
            try (content) {
                copyPart(content);
            } finally {
                // Also half a file must be known, so that it is removed. Nameless and empty is a field left blank.
                if (!fileName.isEmpty() || content.size > 0) {
                    files.add(content.upload(name, baseName(fileName), type));
                }
            }
        }
    }

    /** Copies all up to the next delimiter, and steps behind it. */
    private void copyPart(OutputStream to) throws IOException {
        while (true) {
            int found = find();
            if (found >= 0) {
                to.write(buffer, at, found - at);
                at = found + delimiter.length;
                return;
            }
            int sure = Math.max(at, end - delimiter.length + 1);
            to.write(buffer, at, sure - at);
            at = sure;
            fill("part " + parts + " has no end");
        }
    }

    private int find() {
        for (int i = at; i + delimiter.length <= end; i++) {
            int k = 0;
            while (k < delimiter.length && buffer[i + k] == delimiter[k]) {
                k++;
            }
            if (k == delimiter.length) {
                return i;
            }
        }
        return -1;
    }

    /** Reads more behind what is there, which is moved to the front. */
    private void fill(String ifAtEnd) throws IOException {
        System.arraycopy(buffer, at, buffer, 0, end - at);
        end -= at;
        at = 0;
        int n = in.read(buffer, end, buffer.length - end);
        if (n < 0) {
            throw malformed(ifAtEnd);
        }
        end += n;
    }

    /** After a delimiter: whether another part follows. */
    private boolean nextPart() throws IOException {
        int first = next();
        if (first == '-') {
            if (next() != '-') {
                throw malformed("a boundary is followed by something else than a line end");
            }
            return false;
        }
        while (first == ' ' || first == '\t') {
            first = next();
        }
        if (first != '\r' || next() != '\n') {
            throw malformed("a boundary is followed by something else than a line end");
        }
        return true;
    }

    private int next() throws IOException {
        if (at == end) {
            fill("it has no end");
        }
        return buffer[at++];
    }

    /** The header lines of a part, names in lower case; the first of a name counts. */
    private Map<String, String> head() throws IOException {
        var lines = new LinkedHashMap<String, String>();
        int size = 0;
        while (true) {
            var line = new ByteArrayOutputStream(80);
            for (int octet = next(); octet != '\r'; octet = next()) {
                if (++size > MOST_HEAD) {
                    throw malformed("the head of part " + parts + " is longer than " + MOST_HEAD + " bytes");
                }
                if (octet == '\n' || octet == 0) {
                    throw malformed("the head of part " + parts + " holds a bare line end or NUL");
                }
                line.write(octet);
            }
            if (next() != '\n') {
                throw malformed("the head of part " + parts + " holds a bare line end or NUL");
            }
            if (line.size() == 0) {
                return lines;
            }
            var text = utf8(line.toByteArray());
            int colon = text.indexOf(':');
            if (colon <= 0) {
                throw malformed("the head of part " + parts + " holds a line without a name");
            }
            lines.putIfAbsent(
                    text.substring(0, colon).toLowerCase(Locale.ROOT),
                    text.substring(colon + 1).strip());
        }
    }

    private String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw malformed("part " + parts + " is not UTF-8");
        }
    }

    /**
     * A parameter of a header such as {@code form-data; name="a"; filename="b"}; null if it is not there. Browsers write
     * {@code %22} for a quote, other clients a backslash before it.
     */
    static @Nullable String parameter(String header, String name) {
        int at = header.indexOf(';');
        while (at >= 0 && at < header.length()) {
            at++;
            while (at < header.length() && header.charAt(at) == ' ') {
                at++;
            }
            int equals = header.indexOf('=', at);
            if (equals < 0) {
                return null;
            }
            var found = header.substring(at, equals).strip();
            var value = new StringBuilder();
            at = equals + 1;
            boolean quoted = at < header.length() && header.charAt(at) == '"';
            if (quoted) {
                for (at++; at < header.length() && header.charAt(at) != '"'; at++) {
                    if (header.charAt(at) == '\\'
                            && at + 1 < header.length()
                            && (header.charAt(at + 1) == '"' || header.charAt(at + 1) == '\\')) {
                        at++;
                    }
                    value.append(header.charAt(at));
                }
            }
            int next = header.indexOf(';', at);
            if (!quoted) {
                value.append(
                        header.substring(at, next < 0 ? header.length() : next).strip());
            }
            if (found.equalsIgnoreCase(name)) {
                return value.toString();
            }
            at = next;
        }
        return null;
    }

    /** Without folders, in either kind of slash, and without control characters. */
    private static String baseName(String fileName) {
        var name = fileName.substring(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
        var clean = new StringBuilder();
        name.codePoints()
                .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT)
                .limit(255)
                .forEach(clean::appendCodePoint);
        var text = clean.toString().strip();
        return text.equals(".") || text.equals("..") ? "" : text;
    }

    private static Problem malformed(String what) {
        return Problem.badRequest("MALFORMED_FORM", "the form is malformed: " + what);
    }

    /** Memory up to a limit. */
    private static final class Bounded extends ByteArrayOutputStream {
        private final long most;
        private final String code;
        private final String detail;

        Bounded(long most, String code, String detail) {
            this.most = most;
            this.code = code;
            this.detail = detail;
        }

        @Override
        public synchronized void write(byte[] from, int offset, int length) {
            if (size() + (long) length > most) {
                throw code.isEmpty()
                        ? Problem.badRequest(
                                        "BODY_TOO_LARGE",
                                        "the texts of the form are too large together (http.max-body)")
                                .withStatus(413)
                        : Problem.badRequest(code, detail);
            }
            super.write(from, offset, length);
        }
    }

    /** Memory up to a limit, then a file. */
    private static final class Spill extends OutputStream {
        private final long inMemory;
        private final @Nullable Path folder;
        private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
        private @Nullable Path file;
        private @Nullable OutputStream out;
        private long size;

        Spill(long inMemory, @Nullable Path folder) {
            this.inMemory = inMemory;
            this.folder = folder;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            size += length;
            if (out == null && size > inMemory) {
                // Readable by this user alone, as the system makes them.
                file = folder == null
                        ? Files.createTempFile("plinth-", ".upload")
                        : Files.createTempFile(folder, "plinth-", ".upload");
                out = Files.newOutputStream(file);
                memory.writeTo(out);
                memory.reset();
            }
            if (out == null) {
                memory.write(from, offset, length);
            } else {
                out.write(from, offset, length);
            }
        }

        @Override
        public void close() throws IOException {
            if (out != null) {
                out.close();
            }
        }

        Upload upload(String field, String fileName, String contentType) {
            return new Upload(field, fileName, contentType, file == null ? memory.toByteArray() : null, file, size);
        }
    }
}
