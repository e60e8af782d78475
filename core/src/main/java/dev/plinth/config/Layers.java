package dev.plinth.config;

import dev.plinth.config.Node.Mapping;
import dev.plinth.schema.DidYouMean;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The trees of the files, the weakest first. One reading each. */
final class Layers {
    private static final String STEM = "service";
    private static final List<String> ENDINGS = List.of(".yaml", ".yml", ".json");
    private static final String TOML = ".toml";
    private static final String NO_TOML =
            "TOML is not read: there is one syntax, so that there is one way to say each thing (write it as YAML or JSON,"
                    + " in a file that ends in .yaml, .yml or .json)";

    private final Sources sources;
    private final Problems problems;
    private final List<Mapping> trees = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final Set<Path> looked = new LinkedHashSet<>();
    private String file = STEM + ".yaml";

    Layers(Sources sources, Problems problems) {
        this.sources = sources;
        this.problems = problems;
    }

    /** The trees that could be read. */
    List<Mapping> trees() {
        return trees;
    }

    /** The names of the files, in the order of the trees. */
    List<String> names() {
        return names;
    }

    /** Every file that was read, or would have been if it were there. */
    Set<Path> looked() {
        return looked;
    }

    /** The file that a user would change: the one that is there, or else the one that would be found. */
    String file() {
        return file;
    }

    void read() {
        readResource();
        var stem = readFile();
        readProfiles(stem);
    }

    private void readResource() {
        var name = STEM + ".yaml";
        var origin = new Origin(Origin.Kind.RESOURCE, name, 0, 0);
        try {
            List<URL> found = Collections.list(sources.classLoader().getResources(name));
            if (found.size() > 1) {
                var text = new StringBuilder("there are " + found.size() + " of it on the class path (expected: one):");
                for (var url : found) {
                    text.append(' ').append(url);
                }
                problems.add("", text.toString(), origin);
            } else if (found.size() == 1) {
                try (var in = found.getFirst().openStream()) {
                    read(in, origin);
                }
            }
        } catch (IOException e) {
            problems.add("", "it can't be read: " + reason(e), origin);
        }
    }

    /** Reads the file, if there is one; returns its path without the ending, from which those of profiles are made. */
    private String readFile() {
        var option = sources.arguments().config();
        var variable = sources.environment().getOrDefault("PLINTH_CONFIG", "");
        var named = option.isEmpty() ? variable : option;
        if (named.isEmpty()) {
            var found = find(STEM);
            if (found != null) {
                file = found;
                readFile(found, "");
            }
            return STEM;
        }
        file = named;
        readFile(named, option.isEmpty() ? "PLINTH_CONFIG" : "--config");
        for (var ending : ENDINGS) {
            if (named.endsWith(ending)) {
                return named.substring(0, named.length() - ending.length());
            }
        }
        return named;
    }

    private void readProfiles(String stem) {
        var option = sources.arguments().profiles();
        var profiles =
                option.isEmpty() ? Arguments.names(sources.environment().getOrDefault("PLINTH_PROFILE", "")) : option;
        var origin = option.isEmpty() ? Origin.variable("PLINTH_PROFILE") : Origin.argument("--profile");
        for (int i = 0; i < profiles.size(); i++) {
            var profile = profiles.get(i);
            if (!isName(profile)) {
                problems.add("", "'" + profile + "' can't be a profile (expected: letters, digits, - and _)", origin);
            } else if (profiles.indexOf(profile) < i) {
                problems.add("", "the profile " + profile + " is given twice", origin);
            } else {
                var found = find(stem + "-" + profile);
                if (found != null) {
                    readFile(found, "");
                } else {
                    problems.add("", missing(stem, profile), origin);
                }
            }
        }
    }

    private String missing(String stem, String profile) {
        var known = new ArrayList<String>();
        var base = resolve(stem);
        if (base != null && base.getFileName() != null) {
            var prefix = base.getFileName() + "-";
            var parent = base.toAbsolutePath().getParent();
            try (var files = Files.newDirectoryStream(parent)) {
                for (var path : files) {
                    var name = path.getFileName().toString();
                    int dot = name.lastIndexOf('.');
                    if (name.startsWith(prefix) && dot > prefix.length() && ENDINGS.contains(name.substring(dot))) {
                        known.add(name.substring(prefix.length(), dot));
                    }
                }
            } catch (IOException | DirectoryIteratorException e) {
                known.clear(); // a help that isn't possible here
            }
        }
        known.sort(null);
        var meant = DidYouMean.nearest(profile, known);
        String help;
        if (meant.isPresent()) {
            help = "did you mean " + meant.get() + "?";
        } else if (known.isEmpty()) {
            help = "expected: a file " + stem + "-" + profile + ".yaml";
        } else {
            help = "known: " + String.join(", ", known);
        }
        return "the profile " + profile + " has no file (" + help + ")";
    }

    /** The one file of that name with any of the endings; null if there is none. */
    private @Nullable String find(String stem) {
        String found = null;
        for (var ending : ENDINGS) {
            var name = stem + ending;
            var path = resolve(name);
            // A link to nothing, and what may not be looked at, are there too: they are told when they are opened.
            if (path != null && !Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
                if (found != null) {
                    problems.add("", "there is " + found + " too (expected: one of them)", Origin.file(name));
                } else {
                    found = name;
                }
            }
        }
        var toml = resolve(stem + TOML);
        if (toml != null && Files.exists(toml, LinkOption.NOFOLLOW_LINKS)) {
            problems.add("", NO_TOML, Origin.file(stem + TOML));
        }
        return found;
    }

    private @Nullable Path resolve(String name) {
        try {
            var path = sources.directory().resolve(name);
            looked.add(path);
            return path;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private void readFile(String name, String namedBy) {
        var origin = Origin.file(name);
        var path = resolve(name);
        if (name.endsWith(TOML)) {
            problems.add("", NO_TOML, origin);
            return;
        }
        for (var ending : List.of(".properties", ".ini", ".conf", ".xml")) {
            if (name.endsWith(ending)) {
                problems.add("", "files of that kind aren't read (expected: .yaml, .yml or .json)", origin);
                return;
            }
        }
        try {
            if (path == null) {
                problems.add("", "this can't be the name of a file", origin);
            } else if (Files.isDirectory(path)) {
                problems.add("", "this is a folder (expected: a file)", origin);
            } else {
                try (var in = open(path)) {
                    read(in, origin);
                }
            }
        } catch (NoSuchFileException e) {
            problems.add(
                    "",
                    path != null && Files.isSymbolicLink(path)
                            ? "this is a link to nothing"
                            : "there is no such file" + (namedBy.isEmpty() ? "" : ", but " + namedBy + " names it"),
                    origin);
        } catch (IOException e) {
            problems.add("", "it can't be read: " + reason(e), origin);
        }
    }

    /** Without the channel of the other way, which loads fifty classes; that one tells better what is wrong. */
    private static InputStream open(Path path) throws IOException {
        try {
            return new FileInputStream(path.toFile());
        } catch (FileNotFoundException | UnsupportedOperationException e) {
            return Files.newInputStream(path);
        }
    }

    private void read(InputStream in, Origin origin) throws IOException {
        add(in.readNBytes(Yaml.MAX_BYTES + 1), origin);
    }

    /** Adds what a source holds, stronger than all before it. */
    void add(byte[] bytes, Origin origin) {
        names.add(origin.name());
        if (bytes.length > Yaml.MAX_BYTES) {
            problems.add("", "this is larger than 1 MiB", origin);
            return;
        }
        var tree = Yaml.read(bytes, origin, problems);
        if (tree != null) {
            trees.add(tree);
        }
    }

    static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "there is no such file or folder";
        }
        var message = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
        return message == null ? "no reason was given" : message;
    }

    private static boolean isName(String text) {
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letter && c != '-' && c != '_') {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
