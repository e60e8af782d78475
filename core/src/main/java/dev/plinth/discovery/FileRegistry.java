package dev.plinth.discovery;

import dev.plinth.json.Json;
import dev.plinth.json.JsonException;
import dev.plinth.remote.RemoteException;
import dev.plinth.time.Time;
import jakarta.validation.constraints.NotNull;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registry in a folder that several processes share: one file an instance, {@code SERVICE/ID.json}, with the time stamp
 * at which its lease is over.
 *
 * <p>A file is written beside its place and moved there, so that a reader sees it whole or not at all. Readers look every
 * {@link #PACE}: notices of the file system are not to be had on all of them, and an end of a lease gives none. The clocks of
 * the machines must agree to less than a lease. A file that can't be read is skipped, and told once. Thread-safe.
 */
public final class FileRegistry implements Registry {
    /** How often a waiting reader looks. */
    public static final Duration PACE = Duration.ofMillis(200);

    private static final Logger LOG = LoggerFactory.getLogger(FileRegistry.class);
    private static final String ENDING = ".json";

    /** What stands in a file. */
    record Entry(@NotNull Instance instance, @NotNull Instant heartbeat, @NotNull Instant until) {}

    private final Path folder;
    private final Time time;
    private final Set<Path> told = ConcurrentHashMap.newKeySet();

    /** The one in {@code folder}, which is made by the first announcement. */
    public FileRegistry(Path folder, Time time) {
        this.folder = folder;
        this.time = time;
    }

    @Override
    public String describe() {
        return "folder " + folder;
    }

    @Override
    public boolean takesAnnouncements() {
        return true;
    }

    private Path file(Instance instance) {
        return folder.resolve(instance.service()).resolve(instance.id() + ENDING);
    }

    @Override
    public void announce(Instance instance, Duration lease) {
        var file = file(instance);
        var now = time.now();
        var entry = Json.standard().write(new Entry(instance, now, now.plus(lease)));
        try {
            Files.createDirectories(file.getParent());
            var beside = file.resolveSibling(instance.id() + ".new"); // one process alone writes of an instance
            Files.write(beside, entry);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new RemoteException(describe() + ": can't write " + file + ": " + reason(failed), failed);
        }
    }

    @Override
    public void withdraw(Instance instance) {
        var file = file(instance);
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw new RemoteException(describe() + ": can't delete " + file + ": " + reason(failed), failed);
        }
    }

    @Override
    public Snapshot look(String service) {
        var instances = new ArrayList<Instance>();
        for (var entry : entries(service)) {
            instances.add(entry.instance);
        }
        return new Snapshot(instances, "");
    }

    private List<Entry> entries(String service) {
        var entries = new ArrayList<Entry>();
        var shelf = folder.resolve(Instance.requireName("service", service));
        var now = time.now();
        try (var files = Files.newDirectoryStream(shelf, "*" + ENDING)) {
            for (var file : files) {
                var entry = read(file, service);
                if (entry.isPresent() && now.isBefore(entry.get().until)) {
                    entries.add(entry.get());
                } else if (entry.isPresent()) {
                    removeLongDead(file, entry.get(), now);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException nothing) {
            if (Files.exists(folder) && !Files.isDirectory(folder)) {
                throw new RemoteException(describe() + ": it is no folder", nothing);
            }
        } catch (IOException | DirectoryIteratorException failed) {
            throw new RemoteException(describe() + ": can't list " + shelf + ": " + reason(failed), failed);
        }
        return entries;
    }

    private Optional<Entry> read(Path file, String service) {
        try {
            var entry = Json.standard().read(Files.readAllBytes(file), Entry.class);
            if (entry.instance.service().equals(service)
                    && file.getFileName().toString().equals(entry.instance.id() + ENDING)) {
                told.remove(file);
                return Optional.of(entry);
            }
            tell(file, "it tells of " + entry.instance.service() + "/" + entry.instance.id());
        } catch (NoSuchFileException withdrawn) {
            // It went between the listing and the reading.
        } catch (IOException failed) {
            tell(file, reason(failed));
        } catch (JsonException garbage) {
            tell(file, String.valueOf(garbage.getMessage()));
        }
        return Optional.empty();
    }

    private void tell(Path file, String why) {
        if (told.size() < 1000 && told.add(file)) {
            LOG.warn("registry {}: {} is left out: {}", describe(), file.getFileName(), why);
        }
    }

    /** An hour after its lease nobody can renew it any more, so whoever sees it takes it away. */
    private static void removeLongDead(Path file, Entry entry, Instant now) throws IOException {
        if (now.isAfter(entry.until.plus(Duration.ofHours(1)))) {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public Optional<Snapshot> await(String service, Snapshot known, Duration most) throws InterruptedException {
        long end = time.nanos() + most.toNanos();
        while (true) {
            var now = look(service);
            if (!now.instances().equals(known.instances())) {
                return Optional.of(now);
            }
            long left = end - time.nanos();
            if (left <= 0) {
                return Optional.empty();
            }
            time.sleep(Duration.ofNanos(Math.min(left, PACE.toNanos())));
        }
    }

    @Override
    public Set<String> services() {
        var names = new TreeSet<String>();
        try (var shelves = Files.newDirectoryStream(folder)) {
            for (var shelf : shelves) {
                var name = shelf.getFileName().toString();
                if (Files.isDirectory(shelf) && !entries(name).isEmpty()) {
                    names.add(name);
                }
            }
        } catch (NoSuchFileException nothing) {
            return names;
        } catch (IOException | DirectoryIteratorException failed) {
            throw new RemoteException(describe() + ": can't list it: " + reason(failed), failed);
        }
        return names;
    }

    @Override
    public List<Node> nodes(String service) {
        return entries(service).stream()
                .map(entry -> new Node(entry.instance, Optional.of(entry.heartbeat)))
                .toList();
    }

    private static String reason(Exception failed) {
        return failed.getClass().getSimpleName() + (failed.getMessage() == null ? "" : " " + failed.getMessage());
    }

    @Override
    public void close() {}
}
