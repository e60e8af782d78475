package dev.plinth.cli.importing;

import dev.plinth.cli.importing.Foreign.Items;
import dev.plinth.cli.importing.Foreign.Keys;
import dev.plinth.cli.importing.Foreign.Kind;
import dev.plinth.cli.importing.Foreign.Member;
import dev.plinth.cli.importing.Foreign.Single;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.comments.CommentLine;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads a file of an older system, YAML or JSON, with its comments. Core's own reader is not this one: it refuses what those
 * systems allow, and forgets comments. One file each.
 */
final class Reader {
    private static final int MAX_DEPTH = 50;
    private static final int MAX_VALUES = 10_000;

    private int count;

    private Reader() {}

    /** The root; null if the file is empty. */
    static @Nullable Foreign read(String text) {
        return root(text).map(root -> new Reader().value(root, 1)).orElse(null);
    }

    private static Optional<Node> root(String text) {
        var settings = LoadSettings.builder()
                .setParseComments(true)
                .setAllowNonScalarKeys(true)
                .build();
        try {
            return new Composer(settings, new ParserImpl(settings, new StreamReader(settings, text))).getSingleNode();
        } catch (MarkedYamlEngineException e) {
            var mark = e.getProblemMark().or(e::getContextMark);
            throw new Refused("it is neither YAML nor JSON: " + e.getProblem()
                    + mark.map(m -> " in line " + (m.getLine() + 1)).orElse(""));
        } catch (YamlEngineException e) {
            throw new Refused("it is neither YAML nor JSON: " + e.getMessage());
        } catch (RuntimeException e) {
            // On some texts the parser fails in ways of its own, such as where they end after a backslash and x.
            throw new Refused("it is neither YAML nor JSON");
        }
    }

    private Foreign value(Node node, int depth) {
        int line = line(node);
        if (node.isRecursive() || depth > MAX_DEPTH || ++count > MAX_VALUES) {
            throw new Refused("its aliases, or its depth, make more than " + MAX_VALUES + " values, in line " + line);
        }
        if (node instanceof ScalarNode scalar) {
            return scalar.isPlain() && !Placeholders.isIn(scalar.getValue())
                    ? OldScalar.of(scalar.getValue(), line)
                    : new Single(Kind.TEXT, scalar.getValue(), line);
        }
        if (node instanceof SequenceNode sequence) {
            var items = new ArrayList<Foreign>();
            for (var item : sequence.getValue()) {
                items.add(value(item, depth + 1));
            }
            return new Items(List.copyOf(items), line);
        }
        return keys((MappingNode) node, depth);
    }

    private Keys keys(MappingNode node, int depth) {
        var members = new LinkedHashMap<String, Member>();
        var merged = new ArrayList<Keys>();
        for (var tuple : node.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new Refused("a list or a mapping is a key in line " + line(tuple.getKeyNode()));
            }
            var value = value(tuple.getValueNode(), depth + 1);
            if (key.isPlain() && key.getValue().equals("<<")) {
                merged.addAll(merge(value));
            } else if (members.put(key.getValue(), new Member(value, comments(tuple))) != null) {
                throw new Refused(
                        "the key " + key.getValue() + " is written twice, the second time in line " + line(key));
            }
        }
        for (var other : merged) {
            for (Map.Entry<String, Member> member : other.members().entrySet()) {
                members.putIfAbsent(member.getKey(), member.getValue());
            }
        }
        return new Keys(members, line(node));
    }

    private static List<Keys> merge(Foreign value) {
        if (value instanceof Keys keys) {
            return List.of(keys);
        }
        var merged = new ArrayList<Keys>();
        if (value instanceof Items items) {
            for (var item : items.items()) {
                merged.addAll(merge(item));
            }
            return merged;
        }
        throw new Refused("<< is no mapping in line " + value.line());
    }

    private static List<String> comments(NodeTuple tuple) {
        var lines = new ArrayList<String>();
        add(tuple.getKeyNode().getBlockComments(), lines);
        add(tuple.getValueNode().getInLineComments(), lines);
        return List.copyOf(lines);
    }

    private static void add(@Nullable List<CommentLine> comments, List<String> lines) {
        if (comments != null) {
            for (var comment : comments) {
                if (!comment.getValue().isBlank()) {
                    lines.add(comment.getValue().strip());
                }
            }
        }
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }
}
