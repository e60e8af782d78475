package dev.plinth.cli.importing;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of the file that is imported, as its own system read it. Immutable. */
sealed interface Foreign {
    /** From 1. */
    int line();

    /**
     * A single value.
     *
     * @param text as YAML 1.2 writes it, with {@link Placeholders} for what the environment fills in
     */
    record Single(Kind kind, String text, int line) implements Foreign {}

    /** Values in order. */
    record Items(List<Foreign> items, int line) implements Foreign {}

    /** Values by name, in the order of the file. */
    record Keys(Map<String, Member> members, int line) implements Foreign {
        @Nullable
        Foreign get(String name) {
            var member = members.get(name);
            return member == null ? null : member.value();
        }
    }

    /**
     * A value under a name.
     *
     * @param comments the lines above it, without their {@code #}
     */
    record Member(Foreign value, List<String> comments) {}

    /** What a single value was to the parsers of the older systems. */
    enum Kind {
        NOTHING,
        TRUTH,
        WHOLE,
        DECIMAL,
        TEXT
    }
}
