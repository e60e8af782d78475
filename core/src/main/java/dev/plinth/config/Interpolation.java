package dev.plinth.config;

import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fills in {@code ${VAR}}, {@code ${VAR:default}} and {@code ${key:a.b}} in texts of files, after they were parsed, so that
 * no value can change the tree. What was filled in isn't looked at again. One thread at a time.
 */
final class Interpolation {
    /** How a reference to another key begins. */
    static final String KEY = "${key:";

    private static final int MAX_LENGTH = 1 << 20;
    private static final int MAX_NESTED = 10;

    private final Mapping root;
    private final @Nullable Known known;
    private final Map<String, String> environment;
    private final Problems problems;
    private final @Nullable Hidden hidden;
    private final Map<String, Reference> references = new HashMap<>();
    private final List<String> chain = new ArrayList<>();
    private boolean secret;

    /** What a key turned out to hold; nothing if something is wrong with it. */
    private record Reference(@Nullable String text, boolean secret) {}

    /** To be shown: secrets are {@code ***} in the texts. */
    Interpolation(Mapping root, @Nullable Known known, Map<String, String> environment, Problems problems) {
        this(root, known, environment, problems, null);
    }

    /**
     * To be bound.
     *
     * @param hidden opens tokens and mounted files; null to show {@code ***} for them
     */
    Interpolation(
            Mapping root,
            @Nullable Known known,
            Map<String, String> environment,
            Problems problems,
            @Nullable Hidden hidden) {
        this.root = root;
        this.known = known;
        this.environment = environment;
        this.problems = problems;
        this.hidden = hidden;
    }

    /**
     * The text of a choice, which must be known before the tree is whole and so can hold variables alone; null if that
     * can't be.
     */
    static @Nullable String ofEnvironment(Scalar scalar, Map<String, String> environment) {
        if (!scalar.origin().isWritten() || scalar.text().indexOf("${") < 0) {
            return scalar.text();
        }
        if (scalar.text().contains(KEY)) {
            return null;
        }
        return new Interpolation(Mapping.EMPTY, null, environment, new Problems()).text(scalar, "");
    }

    /** The text of the value of {@code key} with everything filled in; null if that can't be, which has been told. */
    @Nullable
    String text(Scalar scalar, String key) {
        secret |= scalar.isHidden();
        var text = written(scalar, key);
        if (text == null || !scalar.encrypted()) {
            return text;
        }
        return hidden == null ? "***" : hidden.decrypt(text.strip(), key, scalar.origin());
    }

    /** The same for a value that is a secret by its type, and so may name a file that holds it. */
    @Nullable
    String secret(Scalar scalar, String key) {
        var text = text(scalar, key);
        secret = true;
        if (text == null || hidden == null || scalar.isHidden()) {
            return text; // what was hidden is taken as it is
        }
        return hidden.secret(text, key, scalar.origin());
    }

    /** Whether the text of that value holds something that must not be shown. */
    boolean isSecret(Scalar scalar, String key) {
        secret = false;
        text(scalar, key);
        return secret;
    }

    /** Whether a message that others made holds something that must not be shown. */
    boolean isSecret(@Nullable String message) {
        return hidden != null && message != null && hidden.isIn(message);
    }

    private @Nullable String written(Scalar scalar, String key) {
        if (!scalar.origin().isWritten() || scalar.text().indexOf("${") < 0) {
            return scalar.text();
        }
        chain.add(key);
        var text = fill(scalar.text(), key, scalar.origin(), 0);
        chain.removeLast();
        return text;
    }

    private @Nullable String fill(String text, String key, Origin origin, int depth) {
        var filled = new StringBuilder();
        boolean whole = true;
        int done = 0;
        for (int open = text.indexOf("${"); open >= 0; open = text.indexOf("${", done)) {
            if (open > done && text.charAt(open - 1) == '$') {
                filled.append(text, done, open - 1).append("${");
                done = open + 2;
                continue;
            }
            filled.append(text, done, open);
            int close = close(text, open + 2);
            if (close < 0) {
                problem(key, "'${' is never closed by '}' (a plain '${' is written $${)", origin);
                return null;
            }
            var value = value(text.substring(open + 2, close), key, origin, depth);
            if (value == null) {
                whole = false;
            } else if (filled.length() + value.length() > MAX_LENGTH) {
                problem(key, "longer than " + MAX_LENGTH + " characters when ${...} is filled in", origin);
                return null;
            } else {
                filled.append(value);
            }
            done = close + 1;
        }
        return whole ? filled.append(text, done, text.length()).toString() : null;
    }

    /** Where the brace that was opened before {@code from} closes, or -1. */
    private static int close(String text, int from) {
        int open = 1;
        for (int at = from; at < text.length(); at++) {
            if (text.startsWith("${", at)) {
                open++;
                at++;
            } else if (text.charAt(at) == '}' && --open == 0) {
                return at;
            }
        }
        return -1;
    }

    private @Nullable String value(String inside, String key, Origin origin, int depth) {
        if (inside.startsWith("key:")) {
            return reference(inside.substring(4), key, origin);
        }
        int colon = inside.indexOf(':');
        var name = colon < 0 ? inside : inside.substring(0, colon);
        if (!isVariable(name)) {
            problem(
                    key,
                    "'${" + name + "}' doesn't name a variable (expected: ${VAR}, ${VAR:default} or ${key:a.b}; a plain"
                            + " '${' is written $${)",
                    origin);
            return null;
        }
        var value = environment.get(name);
        if (value != null) {
            return value;
        }
        if (colon < 0) {
            problem(
                    key,
                    "the variable " + name + " is not set. Set it, or give it a default: ${" + name + ":default}",
                    origin);
            return null;
        }
        if (depth == MAX_NESTED) {
            problem(key, "defaults inside of defaults more than " + MAX_NESTED + " deep", origin);
            return null;
        }
        return fill(inside.substring(colon + 1), key, origin, depth + 1);
    }

    private static boolean isVariable(String name) {
        for (int at = 0; at < name.length(); at++) {
            char c = name.charAt(at);
            boolean letter = c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (!letter && (at == 0 || c < '0' || c > '9')) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private @Nullable String reference(String target, String key, Origin origin) {
        int begin = chain.indexOf(target);
        if (begin >= 0) {
            circle(chain.subList(begin, chain.size()), origin);
            return null;
        }
        if (chain.size() == MAX_NESTED * MAX_NESTED) {
            problem(key, "references to references more than " + MAX_NESTED * MAX_NESTED + " deep", origin);
            return null;
        }
        var earlier = references.get(target);
        if (earlier != null) {
            secret |= earlier.secret();
            return earlier.text();
        }
        var node = find(root, target);
        var place = known == null ? null : known.find(target, root);
        boolean before = secret;
        secret = false;
        String text = null;
        if (node instanceof Scalar scalar && !scalar.isNull()) {
            text = place != null && place.known().isSecret() ? secret(scalar, target) : text(scalar, target);
        } else if (node == null || node instanceof Scalar) {
            var current = place == null || known == null ? null : known.current(place.names(), root);
            if (place != null && current != null && !current.equals(place.names())) {
                return reference(String.join(".", current), key, origin);
            }
            text = place == null ? null : place.known().defaultText();
            if (text == null) {
                problem(
                        key,
                        "${key:" + target + "}: " + (place == null ? "there is no such key" : "it has no value"),
                        origin);
            }
        } else {
            problem(key, "${key:" + target + "}: it holds " + node.kind() + " (expected: one value)", origin);
        }
        text = text != null && secret && hidden == null ? "***" : text;
        references.put(target, new Reference(text, secret));
        secret |= before;
        return text;
    }

    /** Tells a circle once, wherever it was entered. */
    private void circle(List<String> keys, Origin origin) {
        int least = 0;
        for (int at = 1; at < keys.size(); at++) {
            if (keys.get(at).compareTo(keys.get(least)) < 0) {
                least = at;
            }
        }
        var first = keys.get(least);
        var text = new StringBuilder("refers to itself: ");
        for (int at = 0; at < keys.size(); at++) {
            text.append(keys.get((least + at) % keys.size())).append(" -> ");
        }
        var node = find(root, first);
        problem(first, text.append(first).toString(), node == null ? origin : node.origin());
    }

    private void problem(String key, String message, Origin origin) {
        problems.add(key, message, origin);
    }

    /** The node under that name at the root. */
    @Nullable
    Node find(String section) {
        return root.get(section);
    }

    /** The node that a dotted key leads to; names may hold dots themselves. */
    static @Nullable Node find(Node from, String key) {
        if (from instanceof Mapping mapping) {
            var whole = mapping.get(key);
            if (whole != null) {
                return whole;
            }
            for (int dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
                var next = mapping.get(key.substring(0, dot));
                var found = next == null ? null : find(next, key.substring(dot + 1));
                if (found != null) {
                    return found;
                }
            }
        } else if (from instanceof Sequence sequence) {
            int dot = key.indexOf('.');
            var index = dot < 0 ? key : key.substring(0, dot);
            if (Known.isIndex(index)
                    && Integer.parseInt(index) < sequence.items().size()) {
                var item = sequence.items().get(Integer.parseInt(index));
                return dot < 0 ? item : find(item, key.substring(dot + 1));
            }
        }
        return null;
    }

    /** The node that names lead to. */
    static @Nullable Node find(Node from, List<String> names) {
        Node at = from;
        for (var name : names) {
            if (at instanceof Mapping mapping) {
                at = mapping.get(name);
            } else if (at instanceof Sequence sequence
                    && Known.isIndex(name)
                    && Integer.parseInt(name) < sequence.items().size()) {
                at = sequence.items().get(Integer.parseInt(name));
            } else {
                return null;
            }
            if (at == null) {
                return null;
            }
        }
        return at;
    }
}
