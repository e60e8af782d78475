package dev.plinth.openapi;

import dev.plinth.config.ConfigException;
import dev.plinth.config.Node;
import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Member;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;
import dev.plinth.config.Origin;
import dev.plinth.config.YamlText;
import dev.plinth.schema.DidYouMean;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a document with all files that it refers to, and joins them to one: what stands in other files moves to the
 * components, under its own name or a number more, and what no component can be is written in where it is asked for.
 *
 * <p>Bounded: 1,000 files, 64 MiB, 10,000 things moved or written in. Nothing is fetched from elsewhere.
 */
final class Bundle {
    private static final int MOST_FILES = 1000;
    private static final long MOST_BYTES = 64L << 20;
    private static final int MOST_MOVED = 10_000;

    /** What moves, and from where. */
    private record Moved(Kind kind, String section, String name, String file, Node node) {}

    private record Target(String file, List<String> names) {
        String shown() {
            return file + "#" + Pointer.of(names);
        }
    }

    private final Source source;
    private final String first;
    private final Found found = new Found();
    private final Map<String, @Nullable Node> files = new HashMap<>();
    private final Map<String, String> refs = new HashMap<>();
    private final Map<String, Map<String, Member>> moved = new LinkedHashMap<>();
    private final Deque<Moved> queue = new ArrayDeque<>();
    private final Set<String> writing = new HashSet<>();
    private long bytes;
    private int count;
    private boolean swagger;

    private Bundle(Source source, String first) {
        this.source = source;
        this.first = first;
    }

    /**
     * One document of its own.
     *
     * @throws ConfigException with everything that is wrong
     */
    static Mapping of(Source source, String name) {
        var bundle = new Bundle(source, name);
        var root = bundle.file(name, null, source.origin(name));
        bundle.found.check();
        if (!(root instanceof Mapping mapping) || (mapping.get("openapi") == null && mapping.get("swagger") == null)) {
            bundle.found.add(
                    "",
                    "this is no OpenAPI document (expected: openapi: 3.1.0, openapi: 3.0.x or swagger: \"2.0\" at the top)",
                    source.origin(name));
            bundle.found.check();
            throw new IllegalStateException();
        }
        var joined = bundle.join(mapping);
        bundle.found.check();
        return joined;
    }

    private Mapping join(Mapping root) {
        swagger = root.get("swagger") != null;
        var joined = (Mapping) thing(root, Kind.DOCUMENT, first);
        while (!queue.isEmpty()) {
            var next = queue.remove();
            var thing = new Member(next.node.origin(), thing(next.node, next.kind, next.file));
            moved.computeIfAbsent(next.section, _ -> new LinkedHashMap<>()).put(next.name, thing);
        }
        if (moved.isEmpty()) {
            return joined;
        }
        var draft = new Trees.Draft(joined);
        if (swagger) {
            moved.forEach((section, more) -> draft.put(section, with(joined.get(section), more, joined.origin())));
            return draft.done();
        }
        var components = new Trees.Draft(
                joined.get("components") instanceof Mapping there ? there : new Mapping(Map.of(), joined.origin()));
        moved.forEach((section, more) ->
                components.put(section, with(Trees.get(joined.get("components"), section), more, joined.origin())));
        return draft.put("components", components.done()).done();
    }

    private static Mapping with(@Nullable Node there, Map<String, Member> more, Origin origin) {
        var all = new LinkedHashMap<>(Trees.members(there));
        all.putAll(more);
        return new Mapping(all, there == null ? origin : there.origin());
    }

    // ---- files
    // -------------------------------------------------------------------------------------------------------

    private @Nullable Node file(String name, @Nullable String ref, Origin asked) {
        if (files.containsKey(name)) {
            return files.get(name);
        }
        Node root = null;
        if (files.size() >= MOST_FILES) {
            found.add("$ref", "more than " + MOST_FILES + " files belong to this document", asked);
        } else {
            try {
                var content = source.bytes(name);
                bytes += content.length;
                if (bytes > MOST_BYTES) {
                    found.add("$ref", "the files of this document are larger than 64 MiB together", asked);
                } else {
                    root = YamlText.read(content, source.origin(name));
                }
            } catch (ConfigException wrong) {
                found.addAll(wrong.problems());
            } catch (IOException missing) {
                found.add(ref == null ? "" : "$ref", (ref == null ? "" : ref + ": ") + missing.getMessage(), asked);
            }
        }
        files.put(name, root);
        return root;
    }

    // ---- references
    // --------------------------------------------------------------------------------------------------

    private Node thing(Node node, Kind kind, String file) {
        if (kind == Kind.DATA || node instanceof Scalar) {
            return node;
        }
        if (node instanceof Sequence sequence) { // where one thing is expected: items of an older JSON Schema
            return Trees.changed(sequence, (_, item) -> thing(item, kind, file));
        }
        var mapping = (Mapping) node;
        if (kind.isReferable() && mapping.get("$ref") instanceof Scalar ref) {
            return referred(mapping, ref, kind, file);
        }
        var joined = Trees.changed(mapping, (key, value) -> child(key, value, kind, file));
        return kind == Kind.SCHEMA ? discriminated(joined, file) : joined;
    }

    private Node child(String key, Node value, Kind kind, String file) {
        var below = kind.child(key);
        if (kind.isMap(key)) {
            return value instanceof Mapping names ? Trees.changed(names, (_, each) -> thing(each, below, file)) : value;
        }
        if (kind.isList(key)) {
            return value instanceof Sequence list ? Trees.changed(list, (_, each) -> thing(each, below, file)) : value;
        }
        return thing(value, below, file);
    }

    private Node referred(Mapping mapping, Scalar ref, Kind kind, String file) {
        var target = target(ref, file);
        if (target == null) {
            return mapping;
        }
        if (target.file.equals(first) && file.equals(first) && target.names.isEmpty()) {
            found.add("$ref", ref.text() + ": the whole document can't stand here", ref.origin());
            return mapping;
        }
        var node = find(target, ref);
        if (node == null) {
            return mapping;
        }
        if (target.file.equals(first)) {
            return pointing(mapping, ref, "#" + Pointer.of(target.names));
        }
        var section = kind.section(swagger);
        if (section == null) {
            return writtenIn(node, target, ref, kind);
        }
        return pointing(mapping, ref, move(node, target, ref, kind, section));
    }

    private static Mapping pointing(Mapping mapping, Scalar ref, String to) {
        return to.equals(ref.text())
                ? mapping
                : new Trees.Draft(mapping)
                        .put("$ref", Trees.text(to, ref.origin()))
                        .done();
    }

    /** Where a reference leads; null where that has been told to lead nowhere. */
    private @Nullable Target target(Scalar ref, String file) {
        var text = ref.text();
        int hash = text.indexOf('#');
        var place = hash < 0 ? text : text.substring(0, hash);
        var names = Pointer.names(hash < 0 ? "" : text.substring(hash + 1));
        if (place.matches("[A-Za-z][A-Za-z0-9+.-]+:.*") || place.startsWith("//")) {
            found.add(
                    "$ref",
                    text + ": what is elsewhere is not fetched (expected: a file beside this one; put a copy there)",
                    ref.origin());
            return null;
        }
        if (names == null) {
            found.add(
                    "$ref",
                    text + ": this is no JSON Pointer (expected: such as #/components/schemas/Pet)",
                    ref.origin());
            return null;
        }
        if (place.isEmpty()) {
            return new Target(file, names);
        }
        String resolved;
        try {
            resolved = resolved(file, Pointer.decoded(place));
        } catch (IllegalArgumentException malformed) {
            resolved = null;
        }
        if (resolved == null) {
            found.add(
                    "$ref",
                    text + ": this leads out of the folder of the document (expected: a file in it, or below)",
                    ref.origin());
            return null;
        }
        return new Target(resolved, names);
    }

    /** A name as seen from a file; null where that is above the folder. */
    static @Nullable String resolved(String file, String place) {
        if (place.startsWith("/") || place.indexOf('\\') >= 0 || place.indexOf('\0') >= 0) {
            return null;
        }
        var parts = new ArrayList<String>();
        int end = file.lastIndexOf('/');
        for (var part : ((end < 0 ? "" : file.substring(0, end + 1)) + place).split("/", -1)) {
            if (part.equals("..")) {
                if (parts.isEmpty()) {
                    return null;
                }
                parts.removeLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return String.join("/", parts);
    }

    private @Nullable Node find(Target target, Scalar ref) {
        var node = file(target.file, ref.text(), ref.origin());
        for (var name : target.names) {
            if (node == null) {
                return null;
            }
            var below = below(node, name);
            if (below == null) {
                var near = DidYouMean.nearest(name, Trees.members(node).keySet());
                found.add(
                        "$ref",
                        ref.text() + ": there is no such place, as there is no '" + name + "'"
                                + near.map(known -> " (did you mean '" + known + "'?)")
                                        .orElse(""),
                        ref.origin());
                return null;
            }
            node = below;
        }
        return node;
    }

    static @Nullable Node below(Node node, String name) {
        if (node instanceof Sequence list) {
            return name.matches("0|[1-9][0-9]{0,8}")
                            && Integer.parseInt(name) < list.items().size()
                    ? list.items().get(Integer.parseInt(name))
                    : null;
        }
        return Trees.get(node, name);
    }

    // ---- moving
    // ------------------------------------------------------------------------------------------------------

    private String move(Node node, Target target, Scalar ref, Kind kind, String section) {
        var known = refs.get(section + " " + target.shown());
        if (known != null) {
            return known;
        }
        var name = freeName(target, section);
        var to = (swagger ? "#/" : "#/components/") + section + "/" + name;
        refs.put(section + " " + target.shown(), to);
        moved.computeIfAbsent(section, _ -> new LinkedHashMap<>())
                .put(name, new Member(node.origin(), node)); // until its turn comes
        if (++count > MOST_MOVED) {
            found.add("$ref", "more than " + MOST_MOVED + " things come from other files", ref.origin());
        } else {
            queue.add(new Moved(kind, section, name, target.file, node));
        }
        return to;
    }

    private String freeName(Target target, String section) {
        var last = target.names.isEmpty()
                ? target.file.substring(target.file.lastIndexOf('/') + 1).replaceFirst("\\.(ya?ml|json)$", "")
                : target.names.getLast();
        var wish = last.replaceAll("[^A-Za-z0-9._-]", "_");
        var root = files.get(first);
        var there = new HashSet<>(Trees.members(Trees.get(swagger ? root : Trees.get(root, "components"), section))
                .keySet());
        there.addAll(moved.getOrDefault(section, Map.of()).keySet());
        var name = wish;
        for (int number = 2; there.contains(name); number++) {
            name = wish + number;
        }
        return name;
    }

    private Node writtenIn(Node node, Target target, Scalar ref, Kind kind) {
        if (!writing.add(target.shown())) {
            found.add("$ref", ref.text() + ": this refers to itself", ref.origin());
            return node;
        }
        if (++count > MOST_MOVED) {
            found.add("$ref", "more than " + MOST_MOVED + " things come from other files", ref.origin());
            return node;
        }
        var joined = thing(node, kind, target.file);
        writing.remove(target.shown());
        return joined;
    }

    /** The schemas that a discriminator names move like those of a {@code $ref}. */
    @SuppressWarnings("ReferenceEquality") // Trees gives the same one back where nothing changed.
    private Mapping discriminated(Mapping schema, String file) {
        if (!(schema.get("discriminator") instanceof Mapping discriminator)
                || !(discriminator.get("mapping") instanceof Mapping names)) {
            return schema;
        }
        var changed = Trees.changed(names, (_, value) -> {
            if (!(value instanceof Scalar ref) || (ref.text().matches("[A-Za-z0-9._-]+") && !isFile(ref.text()))) {
                return value;
            }
            var target = target(ref, file);
            if (target == null) {
                return value;
            }
            var node = find(target, ref);
            if (node == null) {
                return value;
            }
            return target.file.equals(first)
                    ? Trees.text("#" + Pointer.of(target.names), ref.origin())
                    : Trees.text(
                            move(node, target, ref, Kind.SCHEMA, swagger ? "definitions" : "schemas"), ref.origin());
        });
        return changed == names
                ? schema
                : new Trees.Draft(schema)
                        .put(
                                "discriminator",
                                new Trees.Draft(discriminator)
                                        .put("mapping", changed)
                                        .done())
                        .done();
    }

    private static boolean isFile(String text) {
        return text.endsWith(".yaml") || text.endsWith(".yml") || text.endsWith(".json");
    }
}
