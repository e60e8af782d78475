package dev.plinth.log;

import dev.plinth.time.Time;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file that is put aside when it is full or its day is over: {@code orders.log} becomes {@code
 * orders-2026-11-21T03-15-09.862220Z.log}, named by the moment of the change, and the oldest are deleted.
 *
 * <p>It is always appended to, so that several may write and {@code copytruncate} works. Once a second it looks whether
 * the file is still there under its name, and opens it anew if it was removed or renamed. A write that fails leaves no
 * half line behind.
 */
final class RotatingFile implements LineOutput {
    private static final long SECOND = 1_000_000_000L;
    private static final long DAY = 86_400;

    private final LogFile config;
    private final Time time;
    private final Path path;
    private final String stem;
    private final String extension;

    private @Nullable FileOutputStream out;
    private @Nullable Object key;
    private long size;
    private long day;
    private long lookAgain;
    private long rotateAgain = Long.MIN_VALUE;

    RotatingFile(LogFile config, Time time) throws IOException {
        this.config = config;
        this.time = time;
        this.path = config.path().toAbsolutePath();
        var name = Objects.requireNonNull(path.getFileName()).toString();
        var dot = name.lastIndexOf('.');
        this.stem = dot > 0 ? name.substring(0, dot) : name;
        this.extension = dot > 0 ? name.substring(dot) : "";
        open();
    }

    @Override
    public void write(byte[] lines, int length) throws IOException {
        if (out == null || time.nanos() - lookAgain >= 0) {
            look();
        }
        if (size > 0 && (size + length > config.maxSize().bytes() || (config.daily() && day != today()))) {
            rotate();
        }
        var file = Objects.requireNonNull(out);
        try {
            file.write(lines, 0, length);
            size += length;
        } catch (IOException e) {
            try (var whole = new RandomAccessFile(path.toFile(), "rw")) {
                if (whole.length() > size) {
                    whole.setLength(size);
                }
            }
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
            out = null;
        }
    }

    private void open() throws IOException {
        Files.createDirectories(Objects.requireNonNull(path.getParent()));
        out = new FileOutputStream(path.toFile(), true);
        var found = Files.readAttributes(path, BasicFileAttributes.class);
        key = found.fileKey();
        size = found.size();
        day = size == 0 ? today() : found.lastModifiedTime().toInstant().getEpochSecond() / DAY;
        lookAgain = time.nanos() + SECOND;
    }

    private void look() throws IOException {
        if (out != null) {
            try {
                var found = Files.readAttributes(path, BasicFileAttributes.class);
                if (Objects.equals(key, found.fileKey())) {
                    size = found.size();
                    lookAgain = time.nanos() + SECOND;
                    return;
                }
            } catch (NoSuchFileException gone) {
                // opened anew below
            }
            close();
        }
        open();
    }

    private void rotate() throws IOException {
        if (rotateAgain != Long.MIN_VALUE && time.nanos() - rotateAgain < 0) {
            return;
        }
        close();
        try {
            Files.move(path, free());
            rotateAgain = Long.MIN_VALUE;
            prune();
        } catch (IOException e) {
            // Lines matter more than the size of the file: go on with it, and try again in a minute.
            rotateAgain = time.nanos() + 60 * SECOND;
            System.err.println("plinth log: " + path + " can't be rotated: " + e + ". It grows until that works.");
        }
        open();
    }

    private Path free() {
        var moment = time.now();
        while (true) {
            var candidate = path.resolveSibling(stem + '-' + stamp(moment) + extension);
            if (!Files.exists(candidate)) {
                return candidate;
            }
            moment = moment.plus(1, ChronoUnit.MICROS);
        }
    }

    private static String stamp(java.time.Instant moment) {
        var text = new Lines(32).timestamp(moment.getEpochSecond(), moment.getNano(), 6);
        return new String(text.bytes(), 0, text.length(), java.nio.charset.StandardCharsets.US_ASCII).replace(':', '-');
    }

    /** The names sort by age. */
    private void prune() throws IOException {
        var old = new ArrayList<Path>();
        try (var siblings = Files.newDirectoryStream(Objects.requireNonNull(path.getParent()))) {
            for (var sibling : siblings) {
                if (isRotated(sibling.getFileName().toString())) {
                    old.add(sibling);
                }
            }
        }
        old.sort(null);
        for (var i = 0; i < old.size() - config.maxFiles(); i++) {
            Files.deleteIfExists(old.get(i));
        }
    }

    private boolean isRotated(String name) {
        var pattern = "0000-00-00T00-00-00.000000Z";
        if (name.length() != stem.length() + 1 + pattern.length() + extension.length()
                || !name.startsWith(stem + '-')
                || !name.endsWith(extension)) {
            return false;
        }
        for (var i = 0; i < pattern.length(); i++) {
            var c = name.charAt(stem.length() + 1 + i);
            if (pattern.charAt(i) == '0' ? c < '0' || c > '9' : c != pattern.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private long today() {
        return Math.floorDiv(time.now().getEpochSecond(), DAY);
    }
}
