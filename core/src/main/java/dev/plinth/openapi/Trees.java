package dev.plinth.openapi;

import dev.plinth.config.Node;
import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Member;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;
import dev.plinth.config.Origin;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Ways through a tree, and small trees of one's own. */
final class Trees {
    private Trees() {}

    static @Nullable Node get(@Nullable Node node, String key) {
        return node instanceof Mapping mapping ? mapping.get(key) : null;
    }

    /** The members of a mapping; none of anything else. */
    static Map<String, Member> members(@Nullable Node node) {
        return node instanceof Mapping mapping ? mapping.members() : Map.of();
    }

    static List<Node> items(@Nullable Node node) {
        return node instanceof Sequence sequence ? sequence.items() : List.of();
    }

    /** The text of a key, whether in quotes or not; null if it isn't there, or no text. */
    static @Nullable String text(@Nullable Node node, String key) {
        return get(node, key) instanceof Scalar scalar && !scalar.isNull() ? scalar.text() : null;
    }

    static boolean isTrue(@Nullable Node node, String key) {
        return get(node, key) instanceof Scalar scalar && Boolean.TRUE.equals(scalar.value());
    }

    static boolean isFalse(@Nullable Node node) {
        return node instanceof Scalar scalar && Boolean.FALSE.equals(scalar.value());
    }

    static List<String> texts(@Nullable Node node) {
        var texts = new ArrayList<String>();
        for (var item : items(node)) {
            if (item instanceof Scalar scalar) {
                texts.add(scalar.text());
            }
        }
        return texts;
    }

    /** What it is in JSON: maps in their order, lists, and what {@link Scalar#value} says. */
    static @Nullable Object value(Node node) {
        return switch (node) {
            case Scalar scalar -> scalar.value();
            case Sequence sequence -> {
                var list = new ArrayList<@Nullable Object>();
                for (var item : sequence.items()) {
                    list.add(value(item));
                }
                yield Collections.unmodifiableList(list);
            }
            case Mapping mapping -> {
                var map = new LinkedHashMap<String, @Nullable Object>();
                for (var member : mapping.members().entrySet()) {
                    map.put(member.getKey(), value(member.getValue().value()));
                }
                yield Collections.unmodifiableMap(map);
            }
        };
    }

    static Scalar text(String text, Origin origin) {
        return new Scalar(text, false, origin);
    }

    /** A number, a truth value, or {@code null}. */
    static Scalar plain(String text, Origin origin) {
        return new Scalar(text, true, origin);
    }

    /** The same mapping with each value as {@code change} says; a value of null leaves its key out. */
    @SuppressWarnings("ReferenceEquality") // Whether it is the same one is what is asked.
    static Mapping changed(Mapping mapping, BiFunction<String, Node, @Nullable Node> change) {
        var changed = new LinkedHashMap<>(mapping.members());
        boolean same = true;
        for (var entry : mapping.members().entrySet()) {
            var member = entry.getValue();
            var value = change.apply(entry.getKey(), member.value());
            if (value == null) {
                changed.remove(entry.getKey());
            } else if (value != member.value()) {
                changed.put(entry.getKey(), new Member(member.key(), value));
            }
            same &= value == member.value();
        }
        return same ? mapping : new Mapping(changed, mapping.origin());
    }

    @SuppressWarnings("ReferenceEquality") // Whether it is the same one is what is asked.
    static Sequence changed(Sequence sequence, BiFunction<String, Node, @Nullable Node> change) {
        var items = new ArrayList<Node>();
        boolean same = true;
        for (var item : sequence.items()) {
            var value = change.apply(Integer.toString(items.size()), item);
            if (value != null) {
                items.add(value);
            }
            same &= value == item;
        }
        return same ? sequence : new Sequence(List.copyOf(items), sequence.origin());
    }

    /** A mapping in the making. */
    static final class Draft {
        private final Origin origin;
        private final Map<String, Member> members = new LinkedHashMap<>();

        Draft(Origin origin) {
            this.origin = origin;
        }

        /** All that another has. */
        Draft(Mapping from) {
            this(from.origin());
            members.putAll(from.members());
        }

        /** Puts a value; null leaves the key out. */
        Draft put(String key, @Nullable Node value) {
            if (value == null) {
                members.remove(key);
            } else {
                var before = members.get(key);
                members.put(key, new Member(before == null ? value.origin() : before.key(), value));
            }
            return this;
        }

        Draft text(String key, @Nullable String text) {
            return put(key, text == null ? null : Trees.text(text, origin));
        }

        /** The value of a key, which goes out. */
        @Nullable
        Node take(String key) {
            var member = members.remove(key);
            return member == null ? null : member.value();
        }

        boolean isEmpty() {
            return members.isEmpty();
        }

        Mapping done() {
            return new Mapping(new LinkedHashMap<>(members), origin);
        }
    }
}
