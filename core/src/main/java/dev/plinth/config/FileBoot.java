package dev.plinth.config;

import dev.plinth.remote.RemoteException;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.time.Time;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** {@code file}: a document on a file system that several machines share. */
final class FileBoot implements BootBackend {
    /**
     * Where it is.
     *
     * @param path of the document
     * @param poll how often it is looked at; notices of the file system are not to be had on those that are shared
     */
    record Settings(
            @NotNull @Doc("The document, in YAML or JSON.") Path path,
            @Default("10s") @Positive @Doc("How often it is looked at for a change.") Duration poll) {}

    @Override
    public String name() {
        return "file";
    }

    @Override
    public Class<? extends Record> settings() {
        return Settings.class;
    }

    @Override
    public BootSource open(Record settings, BootConfig boot, Time time) {
        return new Source((Settings) settings, time);
    }

    private record Source(Settings settings, Time time) implements BootSource {
        @Override
        public String describe() {
            return "file " + settings.path;
        }

        @Override
        public String name() {
            return settings.path.toString();
        }

        @Override
        public BootDocument read() {
            try (var in = Files.newInputStream(settings.path)) {
                var bytes = in.readNBytes(Yaml.MAX_BYTES + 1);
                return new BootDocument(Versions.of(bytes), bytes);
            } catch (NoSuchFileException missing) {
                throw new RemoteException(describe() + ": there is no such file", missing);
            } catch (IOException failed) {
                throw new RemoteException(describe() + ": it can't be read: " + Layers.reason(failed), failed);
            }
        }

        /** A change counts when it has stayed the same for a second look, so that nobody reads a half-written one. */
        @Override
        public Optional<BootDocument> await(BootDocument known, Duration most) throws InterruptedException {
            long end = time.nanos() + most.toNanos();
            var seen = known;
            while (true) {
                time.sleep(settings.poll);
                var now = read();
                if (now.version().equals(seen.version())) {
                    if (seen != known) {
                        return Optional.of(now);
                    }
                    if (end - time.nanos() <= 0) {
                        return Optional.empty();
                    }
                } else {
                    seen = now.version().equals(known.version()) ? known : now;
                }
            }
        }

        @Override
        public void close() {}
    }
}
