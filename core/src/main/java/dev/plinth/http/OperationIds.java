package dev.plinth.http;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Names of operations that were given none: of method and path, the same from build to build. */
final class OperationIds {
    private final Set<String> used = new HashSet<>();
    private final Map<String, String> given = new HashMap<>();
    private final List<String> faults;

    OperationIds(List<String> faults) {
        this.faults = faults;
    }

    /** Takes an id that was given; it must be the only one of that name. */
    void take(String id, String route) {
        used.add(id);
        var other = given.putIfAbsent(id, route);
        if (other != null) {
            faults.add("operation id '" + id + "' is given to " + other + " and to " + route
                    + ". Give one of them another.");
        }
    }

    /** {@code GET /orders/{id}} is {@code getOrdersById}; with a number behind where that is another's. */
    String make(String method, String pattern) {
        var id = new StringBuilder(method.toLowerCase(Locale.ROOT));
        for (var segment : pattern.split("/", -1)) {
            boolean parameter = segment.startsWith("{");
            id.append(parameter ? "By" : "");
            for (var word : segment.replace("...", "").split("[^A-Za-z0-9]+", -1)) {
                if (!word.isEmpty()) {
                    id.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
                }
            }
        }
        var name = id.toString();
        for (int number = 2; !used.add(name); number++) {
            name = id.toString() + number;
        }
        return name;
    }

    /** {@code getOrdersById} is "Get orders by id". */
    static String words(String id) {
        var words = id.replaceAll("[_.-]+", " ")
                .replaceAll("([a-z0-9])([A-Z])", "$1 $2")
                .strip()
                .toLowerCase(Locale.ROOT);
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
