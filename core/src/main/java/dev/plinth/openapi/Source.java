package dev.plinth.openapi;

import dev.plinth.config.Origin;
import dev.plinth.config.YamlText;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where the files of one document are; names are relative to the folder of its first one, with slashes. */
sealed interface Source {
    /** What the file holds, one byte more than may be at most. */
    byte[] bytes(String name) throws IOException;

    Origin origin(String name);

    /** Files below a folder; a link that leads out of it is not followed. */
    record Folder(Path folder, String shown) implements Source {
        @Override
        public byte[] bytes(String name) throws IOException {
            Path file;
            try {
                file = folder.resolve(name);
            } catch (InvalidPathException e) {
                throw new FileNotFoundException("it can't be the name of a file");
            }
            if (!Files.exists(file)) {
                throw new FileNotFoundException("there is no such file");
            }
            if (Files.isDirectory(file)) {
                throw new IOException("it is a folder");
            }
            if (!file.toRealPath().startsWith(folder.toRealPath())) {
                throw new IOException("it leads out of the folder of the document");
            }
            try (var in = Files.newInputStream(file)) {
                return in.readNBytes(YamlText.MAX_BYTES + 1);
            }
        }

        @Override
        public Origin origin(String name) {
            return Origin.file(shown + name);
        }
    }

    /** Resources below a folder of the class path. */
    record Resources(ClassLoader loader, String folder) implements Source {
        @Override
        public byte[] bytes(String name) throws IOException {
            try (InputStream in = loader.getResourceAsStream(folder + name)) {
                if (in == null) {
                    throw new FileNotFoundException("there is no such resource on the class path");
                }
                return in.readNBytes(YamlText.MAX_BYTES + 1);
            }
        }

        @Override
        public Origin origin(String name) {
            return new Origin(Origin.Kind.RESOURCE, folder + name, 0, 0);
        }
    }
}
