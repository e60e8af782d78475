package dev.plinth.config;

import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Member;
import dev.plinth.config.Node.Scalar;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Binds the sections of a layout. One thread at a time. */
final class Sections {
    /**
     * What one place is bound to.
     *
     * @param record of the keys that are there whatever is chosen; null if the layout has none
     * @param chosen by {@code backend:}; null if the layout has nothing to choose from
     */
    record Part(@Nullable Record record, @Nullable Chosen<?> chosen) {}

    private final Known root;
    private final Binder binder;
    private final Problems problems;

    Sections(Known root, Binder binder, Problems problems) {
        this.root = root;
        this.binder = binder;
        this.problems = problems;
    }

    /** A Part for each section of one, a map of parts for each of many; without those that could not be made. */
    Map<String, Object> bind(Layout layout, Mapping tree) {
        var bound = new LinkedHashMap<String, Object>();
        for (var section : layout.sections().entrySet()) {
            var name = section.getKey();
            var member = tree.members().get(name);
            if (section.getValue().many()) {
                bound.put(name, many(section.getValue(), member, name));
            } else {
                var part = part(section.getValue(), member, name);
                if (part != null) {
                    bound.put(name, part);
                }
            }
        }
        return bound;
    }

    private Map<String, Part> many(Layout.Section declared, @Nullable Member section, String name) {
        var parts = new LinkedHashMap<String, Part>();
        if (section != null && section.value() instanceof Mapping mapping) {
            for (var member : mapping.members().entrySet()) {
                if (!member.getKey().startsWith("x-")) {
                    var part = part(declared, member.getValue(), name + "." + member.getKey());
                    if (part != null) {
                        parts.put(member.getKey(), part);
                    }
                }
            }
        } else if (section != null && !(section.value() instanceof Scalar scalar && scalar.isNull())) {
            problems.add(
                    name,
                    section.value().kind() + " (expected: names, with keys and values below each)",
                    section.value().origin());
        }
        return Collections.unmodifiableMap(parts);
    }

    /** What stands at {@code key}; null if it could not be made. */
    @Nullable
    Part part(Layout.Section declared, @Nullable Member member, String key) {
        var node = member == null ? null : member.value();
        var origin = member == null ? Origin.DEFAULT : member.key();
        var record = declared.type() == null ? null : binder.bind(declared.type(), node, key, origin);
        Chosen<?> chosen = null;
        if (declared.backends() != null) {
            chosen = choose(key, node, origin);
        }
        return (record == null && declared.type() != null) || (chosen == null && declared.backends() != null)
                ? null
                : new Part(record, chosen);
    }

    private @Nullable Chosen<?> choose(String key, @Nullable Node node, Origin origin) {
        int dot = key.indexOf('.');
        var section = Objects.requireNonNull(root.child(dot < 0 ? key : key.substring(0, dot)));
        var choice = (Choice.OfBackend) Objects.requireNonNull((dot < 0 ? section : section.element()).choice());
        var name = binder.chosen(choice, node, key, origin);
        var backend = name == null ? null : choice.backend(name);
        if (backend == null) {
            return null;
        }
        var settings = binder.bind(backend.settings(), node, key, origin);
        return settings == null ? null : new Chosen<Backend>(backend, settings);
    }
}
