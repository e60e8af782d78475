package dev.plinth.config;

import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Member;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;

/**
 * Keys whose values are tokens: {@code enc_password} and {@code enc-password} stand for {@code password}, at any depth.
 * From here on the tree has the names without the prefix, and scalars that know that they are encrypted.
 */
final class Encrypted {
    static final String NO_TOKEN = "keys and values, or a list (expected: one token, as plinth encrypt prints it)";

    private final Problems problems;

    private Encrypted(Problems problems) {
        this.problems = problems;
    }

    /** Whether a key says that its value is a token. */
    static boolean isPrefixed(String name) {
        return name.length() > 4 && (name.startsWith("enc_") || name.startsWith("enc-"));
    }

    /** The key for which a prefixed one stands; any other as it is. */
    static String plain(String name) {
        return isPrefixed(name) ? name.substring(4) : name;
    }

    /** The tree of one source with the names that its values are meant for; itself if all names are. */
    static Mapping unwrap(Mapping source, Problems problems) {
        return isIn(source) ? new Encrypted(problems).mapping(source, "") : source;
    }

    private static boolean isIn(Node node) {
        if (node instanceof Mapping mapping) {
            for (var member : mapping.members().entrySet()) {
                if (isPrefixed(member.getKey()) || isIn(member.getValue().value())) {
                    return true;
                }
            }
        } else if (node instanceof Sequence sequence) {
            for (var item : sequence.items()) {
                if (isIn(item)) {
                    return true;
                }
            }
        }
        return false;
    }

    private Node unwrap(Node node, String path) {
        if (node instanceof Mapping mapping) {
            return mapping(mapping, path);
        }
        if (!(node instanceof Sequence sequence)) {
            return node;
        }
        var items = new ArrayList<Node>();
        for (int i = 0; i < sequence.items().size(); i++) {
            items.add(unwrap(sequence.items().get(i), below(path, Integer.toString(i))));
        }
        return new Sequence(items, sequence.origin());
    }

    private Mapping mapping(Mapping mapping, String path) {
        var members = new LinkedHashMap<String, Member>();
        for (var entry : mapping.members().entrySet()) {
            var name = entry.getKey();
            var value = entry.getValue().value();
            var key = below(path, name);
            var member = new Member(entry.getValue().key(), isPrefixed(name) ? token(value, key) : unwrap(value, key));
            var twice = members.put(plain(name), member);
            if (twice != null) {
                problems.add(
                        below(path, plain(name)),
                        "given twice, once encrypted (expected: one of " + plain(name) + " and enc_" + plain(name)
                                + ")",
                        member.key());
            }
        }
        return new Mapping(members, mapping.origin());
    }

    private Node token(Node value, String key) {
        if (value instanceof Scalar scalar) {
            return scalar.isNull() ? scalar : new Scalar(scalar.text(), false, scalar.origin(), true);
        }
        problems.add(key, NO_TOKEN, value.origin());
        return new Scalar("", true, value.origin());
    }

    private static String below(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
