package dev.plinth.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value in the tree, with the place where it was written. Immutable; aliases make parts of it shared. */
public sealed interface Node {
    /** Where it was written. */
    Origin origin();

    /** What it is, for errors. */
    String kind();

    /**
     * A text. It stays as it was written until a record's type says what it is, so that {@code no}, {@code 1.10} and
     * {@code 010} keep their meaning.
     *
     * @param plain whether it was written without quotes, so that {@code null} and {@code ~} mean nothing
     * @param encrypted whether it is a token, and the value what that hides
     */
    record Scalar(String text, boolean plain, Origin origin, boolean encrypted) implements Node {
        /** One that is not encrypted. */
        public Scalar(String text, boolean plain, Origin origin) {
            this(text, plain, origin, false);
        }

        /** Whether what it holds must not be shown, whatever the type of its place. */
        public boolean isHidden() {
            return encrypted || origin.kind() == Origin.Kind.MOUNTED;
        }

        /** Whether it stands for nothing at all: empty, {@code ~} or {@code null}, without quotes. */
        public boolean isNull() {
            return plain
                    && switch (text) {
                        case "", "~", "null", "Null", "NULL" -> true;
                        default -> false;
                    };
        }

        /** What it is in JSON: a String, Boolean, Integer, Long, BigInteger or BigDecimal; null for nothing. */
        public @Nullable Object value() {
            return isNull() ? null : plain ? Values.typed(text) : text;
        }

        @Override
        public String kind() {
            return isNull() ? "nothing" : "one value";
        }
    }

    /** Values in order. */
    record Sequence(List<Node> items, Origin origin) implements Node {
        @Override
        public String kind() {
            return "a list";
        }
    }

    /** Values by name, in the order in which they were written. */
    record Mapping(Map<String, Member> members, Origin origin) implements Node {
        static final Mapping EMPTY = new Mapping(Map.of(), Origin.DEFAULT);

        public Mapping {
            members = Collections.unmodifiableMap(members);
        }

        @Override
        public String kind() {
            return "keys and values";
        }

        /** The value of that name; null if it isn't there. */
        public @Nullable Node get(String name) {
            var member = members.get(name);
            return member == null ? null : member.value();
        }

        /**
         * These members over those of {@code weaker}: mappings merge, all else replaces, nothing replaces nothing. Where
         * both choose, and not the same, these replace all others, which were written for what the weaker ones chose.
         *
         * @param known what may stand here; null if that is not known
         */
        Mapping over(Mapping weaker, @Nullable Known known) {
            if (weaker.members.isEmpty()) {
                return this;
            }
            if (members.isEmpty()) {
                return weaker;
            }
            var at = known;
            if (known != null) {
                var chosen = known.chosen(this);
                var before = known.chosen(weaker);
                if (chosen != null && before != null && !chosen.equals(before)) {
                    return this;
                }
                at = known.at(chosen == null ? weaker : this);
            }
            var merged = new LinkedHashMap<>(weaker.members);
            for (var entry : members.entrySet()) {
                var member = entry.getValue();
                var old = merged.get(entry.getKey());
                if (old == null) {
                    merged.put(entry.getKey(), member);
                } else if (member.value() instanceof Mapping above && old.value() instanceof Mapping below) {
                    var child = at == null ? null : at.child(entry.getKey());
                    merged.put(entry.getKey(), new Member(member.key(), above.over(below, child)));
                } else if (!(member.value() instanceof Scalar scalar && scalar.isNull())) {
                    merged.put(entry.getKey(), member);
                }
            }
            return new Mapping(merged, origin);
        }
    }

    /**
     * A value under a name.
     *
     * @param key where the name was written
     */
    record Member(Origin key, Node value) {}
}
