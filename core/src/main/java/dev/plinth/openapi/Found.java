package dev.plinth.openapi;

import dev.plinth.config.ConfigException;
import dev.plinth.config.ConfigProblem;
import dev.plinth.config.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is found to be wrong with a document, each thing once, a hundred at most. */
final class Found {
    private static final int MOST = 100;
    private final Set<ConfigProblem> all = new LinkedHashSet<>();

    void add(String key, String message, Origin origin) {
        if (all.size() < MOST) {
            all.add(new ConfigProblem(key, message, origin));
        }
    }

    void addAll(List<ConfigProblem> problems) {
        problems.forEach(each -> add(each.key(), each.message(), each.origin()));
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** All of them, in the order of their lines. */
    List<ConfigProblem> sorted() {
        var sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparing((ConfigProblem each) -> each.origin().name())
                .thenComparingInt(each -> each.origin().line())
                .thenComparingInt(each -> each.origin().column()));
        return sorted;
    }

    void check() {
        if (!all.isEmpty()) {
            throw new ConfigException(sorted());
        }
    }
}
