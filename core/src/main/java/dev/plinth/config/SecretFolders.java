package dev.plinth.config;

import dev.plinth.config.Node.Mapping;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Folders in which every file is named after a key, as Kubernetes mounts a Secret. Names that begin with a dot don't
 * count, since Kubernetes keeps its own there. One reading each.
 */
final class SecretFolders {
    private final Mapping tree;
    private final Set<Path> files;
    private final Problems problems;
    private final List<Overrides.Entry> entries = new ArrayList<>();

    /**
     * For one reading.
     *
     * @param tree of the other sources, which name the folders
     * @param files takes the folders and every file that is read
     */
    SecretFolders(Mapping tree, Set<Path> files, Problems problems) {
        this.tree = tree;
        this.files = files;
        this.problems = problems;
    }

    /** The values of all files, without a place in the tree yet. */
    List<Overrides.Entry> read(List<Path> folders) {
        for (int i = 0; i < folders.size(); i++) {
            var key = "secrets.from." + i;
            var node = Interpolation.find(tree, key);
            read(folders.get(i), key, node == null ? Origin.DEFAULT : node.origin());
        }
        return entries;
    }

    private void read(Path folder, String key, Origin origin) {
        files.add(folder);
        var paths = new ArrayList<Path>();
        try (var found = Files.newDirectoryStream(
                folder, path -> !path.getFileName().toString().startsWith("."))) {
            found.forEach(paths::add);
        } catch (NoSuchFileException e) {
            problems.add(key, "there is no folder " + folder, origin);
        } catch (NotDirectoryException e) {
            problems.add(key, folder + " is a file (expected: a folder of files that are named after keys)", origin);
        } catch (DirectoryIteratorException e) {
            problems.add(
                    key, folder + " can't be read: " + Layers.reason(Objects.requireNonNull(e.getCause())), origin);
        } catch (IOException e) {
            problems.add(key, folder + " can't be read: " + Layers.reason(e), origin);
        }
        paths.sort(null);
        for (var path : paths) {
            files.add(path);
            var name = path.getFileName().toString();
            var place = Origin.mounted(path.toString());
            if (name.equals("secrets") || name.startsWith("secrets.")) {
                problems.add(name, "can't come from a folder that this section itself names", place);
                continue;
            }
            var text = MountedFile.read(path, message -> problems.add(name, message, place));
            if (text != null) {
                entries.add(new Overrides.Entry(name, text, place));
            }
        }
    }
}
