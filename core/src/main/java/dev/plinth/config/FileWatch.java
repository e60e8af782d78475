package dev.plinth.config;

import dev.plinth.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * Looks at the files of a configuration every so often, and calls when they have changed and stayed so until the next
 * look, so that nobody reads a half-written one. Files that come and go count too.
 *
 * <p>It asks for the place, the identity, the size and the time of each file behind all symbolic links: an editor that
 * writes, a rename over the old file, and the links that Kubernetes turns to a new folder of a ConfigMap or Secret are all
 * seen. That costs some microseconds a file; events of the file system would miss the last of these. Thread-safe.
 */
public final class FileWatch implements AutoCloseable {
    private final Config config;
    private final Time time;
    private final Duration every;
    private final Runnable changed;
    private Map<Path, String> known;
    private Map<Path, String> seen;
    private Time.Timer timer;
    private boolean closed;

    /**
     * Begins to watch; the first look at what may change comes after {@code every}.
     *
     * @param changed called on a virtual thread, one call at a time
     */
    public FileWatch(Config config, Time time, Duration every, Runnable changed) {
        this.config = config;
        this.time = time;
        this.every = every;
        this.changed = changed;
        this.known = look(config.files());
        this.seen = known;
        this.timer = time.after(every, this::turn);
    }

    private void turn() {
        try {
            if (hasSettled()) {
                changed.run();
                settle();
            }
        } finally {
            synchronized (this) {
                if (!closed) {
                    timer = time.after(every, this::turn);
                }
            }
        }
    }

    private synchronized boolean hasSettled() {
        var now = look(config.files());
        boolean settled = now.equals(seen) && !now.equals(known);
        seen = now;
        return settled && !closed;
    }

    /** What was read is known, and no more than that: what changed while it was read is looked at again. */
    private synchronized void settle() {
        known = seen;
        var now = look(config.files());
        if (!now.keySet().equals(known.keySet())) {
            known = now; // Another file is named now, and was read.
            seen = now;
        }
    }

    private static Map<Path, String> look(Collection<Path> files) {
        var looks = new TreeMap<Path, String>();
        for (var file : files) {
            looks.put(file, look(file));
        }
        return looks;
    }

    private static String look(Path file) {
        try {
            var real = file.toRealPath();
            var attributes = Files.readAttributes(real, BasicFileAttributes.class);
            return real + " " + attributes.fileKey() + " " + attributes.size() + " " + attributes.lastModifiedTime();
        } catch (IOException notThere) {
            return "";
        }
    }

    /** Ends the watching; a call that has begun goes on. */
    @Override
    public synchronized void close() {
        closed = true;
        timer.cancel();
    }
}
