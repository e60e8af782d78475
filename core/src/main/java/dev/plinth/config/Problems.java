package dev.plinth.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is found to be wrong while configuration is read, each thing once. One thread at a time. */
final class Problems {
    /** As many as anyone reads; a file of 1 MiB can hold a hundred thousand. */
    private static final int MOST = 100;

    private final Set<ConfigProblem> all = new LinkedHashSet<>();
    private final List<Throwable> causes = new ArrayList<>();

    void add(String key, String message, Origin origin) {
        add(new ConfigProblem(key, message, origin));
    }

    void add(ConfigProblem problem) {
        if (all.size() < MOST) {
            all.add(problem);
        }
    }

    /** Something that is rather a mistake in code: its stack goes with the exception. */
    void addCause(Throwable cause) {
        causes.add(cause);
    }

    int size() {
        return all.size();
    }

    /**
     * Ends the reading if anything is wrong.
     *
     * @param files the names of the files in the order in which they were read
     */
    void check(List<String> files) {
        if (all.isEmpty()) {
            return;
        }
        var sorted = sorted(files);
        var exception = new ConfigException(sorted);
        for (var cause : causes) {
            exception.addSuppressed(cause);
        }
        throw exception;
    }

    /** All of them, in the order of the files and their lines. */
    List<ConfigProblem> sorted(List<String> files) {
        var sorted = new ArrayList<>(all);
        sorted.sort((a, b) -> compare(a, b, files));
        if (all.size() == MOST) {
            sorted.add(new ConfigProblem("", "more than these are not listed", Origin.DEFAULT));
        }
        return sorted;
    }

    /** By kind, file, line and column; what nobody wrote comes last. */
    private static int compare(ConfigProblem one, ConfigProblem other, List<String> files) {
        var a = one.origin();
        var b = other.origin();
        int order = Boolean.compare(a.kind() == Origin.Kind.DEFAULT, b.kind() == Origin.Kind.DEFAULT);
        if (order == 0) {
            order = a.kind().compareTo(b.kind());
        }
        if (order == 0) {
            order = Integer.compare(files.indexOf(a.name()), files.indexOf(b.name()));
        }
        if (order == 0) {
            order = a.name().compareTo(b.name());
        }
        if (order == 0) {
            order = Integer.compare(a.line(), b.line());
        }
        if (order == 0) {
            order = Integer.compare(a.column(), b.column());
        }
        return order;
    }
}
