package dev.plinth.config;

import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Member;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads one YAML 1.2 or JSON text into a tree that keeps every place, from the parser's events.
 *
 * <p>Nothing is typed here, no tag makes an object, and what aliases expand to is counted. One text each.
 */
final class Yaml {
    /** The most bytes that a file may have. */
    static final int MAX_BYTES = 1 << 20;

    private static final String CORE = "tag:yaml.org,2002:";

    /**
     * What a text may cost, and whether it is configuration, in which what looks like a mistake is one.
     *
     * @param aliased how many values all aliases together may stand for
     */
    record Limits(int bytes, int depth, int aliased, boolean configuration) {
        static final Limits CONFIGURATION = new Limits(MAX_BYTES, 50, 10_000, true);
    }

    private final Limits limits;
    private final Origin source;
    private final boolean places;
    private final String text;
    private final String key;
    private final Problems problems;
    private final ParserImpl parser;
    private final Map<Anchor, Anchored> anchors = new HashMap<>();
    private final List<String> path = new ArrayList<>();
    private @Nullable Event last;
    private int count;
    private int aliased;

    /**
     * A node with a name.
     *
     * @param node null while it is still being read
     * @param size how many nodes it stands for
     */
    private record Anchored(@Nullable Node node, int size) {}

    private Yaml(String text, String key, Origin source, boolean places, Limits limits, Problems problems) {
        this.limits = limits;
        this.text = text;
        this.key = key;
        this.source = source;
        this.places = places;
        this.problems = problems;
        var settings = LoadSettings.builder()
                .setLabel("yaml")
                .setCodePointLimit(limits.bytes + 1)
                .build();
        this.parser = new ParserImpl(settings, new StreamReader(settings, text));
    }

    /**
     * The tree of a file, which is empty if the file is; all that can be told about it goes to {@code problems}.
     *
     * @return null if it can't be read
     */
    static @Nullable Mapping read(byte[] bytes, Origin source, Problems problems) {
        var text = SourceText.of(bytes, source, problems);
        if (text == null) {
            return null;
        }
        var root = read(text, "", source, true, Limits.CONFIGURATION, problems);
        if (root instanceof Mapping mapping) {
            return mapping;
        }
        if (root instanceof Scalar scalar && scalar.isNull()) {
            return new Mapping(Map.of(), source);
        }
        if (root != null) {
            problems.add(
                    "",
                    root instanceof Scalar
                            ? "one value where keys and values are expected (is there no space after a ':'?)"
                            : "a list where keys and values are expected",
                    root.origin());
        }
        return null;
    }

    /** The root of a text, whatever it is; null if it can't be read. */
    static @Nullable Node document(String text, Origin source, Problems problems) {
        return document(text, source, Limits.CONFIGURATION, problems);
    }

    static @Nullable Node document(String text, Origin source, Limits limits, Problems problems) {
        return SourceText.isPrintable(text, "", source, true, problems)
                ? read(text, "", source, true, limits, problems)
                : null;
    }

    /**
     * The value of {@code key} that is written as YAML in one variable or argument, all of it with the same origin.
     *
     * @return null if it can't be read
     */
    static @Nullable Node value(String text, String key, Origin source, Problems problems) {
        return SourceText.isPrintable(text, key, source, false, problems)
                ? read(text, key, source, false, Limits.CONFIGURATION, problems)
                : null;
    }

    private static @Nullable Node read(
            String text, String key, Origin source, boolean places, Limits limits, Problems problems) {
        int before = problems.size();
        try {
            var yaml = new Yaml(text, key, source, places, limits, problems);
            try {
                var root = yaml.document();
                return problems.size() > before ? null : root;
            } catch (MarkedYamlEngineException e) {
                problems.add(yaml.syntax(e));
            } catch (Refused e) {
                problems.add(e.problem);
            }
        } catch (YamlVersionException e) {
            problems.add(key, "this version of YAML is not known (expected: %YAML 1.2)", source);
        } catch (YamlEngineException e) {
            problems.add(key, "this is not YAML", source);
        }
        return null;
    }

    /** Ends the reading of a text of which the rest makes no sense. */
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("serial") // thrown and caught in this class
        private final ConfigProblem problem;

        Refused(ConfigProblem problem) {
            super(null, null, false, false);
            this.problem = problem;
        }
    }

    /** The next event. On some texts the parser fails in ways of its own, such as at the end after "\x. */
    private Event next() {
        try {
            last = parser.next();
            return last;
        } catch (YamlEngineException e) {
            throw e;
        } catch (RuntimeException e) {
            var place = last == null ? source : origin(last.getEndMark());
            throw new Refused(new ConfigProblem(key, "this is not YAML from here on", place));
        }
    }

    private Node document() {
        next(); // the stream's start
        if (next().getEventId() == Event.ID.StreamEnd) {
            return new Scalar("", true, source);
        }
        var root = node(next(), 1);
        next(); // its end
        var next = next();
        if (next.getEventId() != Event.ID.StreamEnd) {
            throw refused(key, "a second document begins here (expected: one)", next);
        }
        return root;
    }

    private Node node(Event event, int depth) {
        count++;
        if (depth > limits.depth) {
            throw refused(shorten(here()), "deeper than " + limits.depth + " levels", event);
        }
        // No switch over types here: its first use makes a class, which takes longer than reading the file.
        if (event instanceof AliasEvent alias) {
            return alias(alias);
        }
        if (event instanceof NodeEvent named) {
            return anchored(named.getAnchor(), event, depth);
        }
        throw refused(here(), "a value is missing", event);
    }

    private Node alias(AliasEvent event) {
        var anchor = event.getAlias();
        var target = anchors.get(anchor);
        if (target == null) {
            throw refused(here(), "*" + anchor + ": nothing above is marked &" + anchor, event);
        }
        if (target.node() == null) {
            throw refused(here(), "*" + anchor + " stands inside of &" + anchor + " itself", event);
        }
        count += target.size();
        aliased += target.size();
        if (aliased > limits.aliased) {
            throw refused(here(), "the aliases stand for more than " + limits.aliased + " values", event);
        }
        return target.node();
    }

    private Node anchored(Optional<Anchor> anchor, Event event, int depth) {
        if (anchor.isEmpty()) {
            return content(event, depth);
        }
        int before = count;
        anchors.put(anchor.get(), new Anchored(null, 0));
        var node = content(event, depth);
        anchors.put(anchor.get(), new Anchored(node, count - before + 1));
        return node;
    }

    private Node content(Event event, int depth) {
        if (event instanceof ScalarEvent scalar) {
            return scalar(scalar);
        }
        var start = (CollectionStartEvent) event;
        if (start.getEventId() == Event.ID.SequenceStart) {
            tag(start.getTag(), "seq", start);
            return sequence(start, depth);
        }
        tag(start.getTag(), "map", start);
        return mapping(start, depth);
    }

    private Scalar scalar(ScalarEvent event) {
        var tag = event.getTag();
        boolean plain = event.getScalarStyle() == ScalarStyle.PLAIN;
        if (tag.isPresent()) {
            switch (tag.get()) {
                case "!", CORE + "str" -> plain = false;
                case CORE + "int", CORE + "float", CORE + "bool", CORE + "null" -> {} // the record's type says it
                default -> tag(tag, "str", event);
            }
        }
        var origin = origin(event.getStartMark());
        visible(event, origin);
        return new Scalar(event.getValue(), plain, origin);
    }

    /** Refuses, outside of quotes, what looks like the spaces around a text and is a part of it. */
    private void visible(ScalarEvent event, Origin origin) {
        var value = event.getValue();
        if (limits.configuration && event.isPlain() && !value.isEmpty()) {
            char c = Character.isSpaceChar(value.charAt(0)) ? value.charAt(0) : value.charAt(value.length() - 1);
            if (c > '~' && Character.isSpaceChar(c)) {
                problems.add(
                        here(),
                        "the character " + SourceText.named(c)
                                + " looks like a space and isn't one (expected: a space, or"
                                + " quotes around the text)",
                        origin);
            }
        }
    }

    private Sequence sequence(CollectionStartEvent start, int depth) {
        var items = new ArrayList<Node>();
        for (var event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
            path.add(Integer.toString(items.size()));
            items.add(node(event, depth + 1));
            path.removeLast();
        }
        return new Sequence(List.copyOf(items), origin(start.getStartMark()));
    }

    private Mapping mapping(CollectionStartEvent start, int depth) {
        var members = new LinkedHashMap<String, Member>();
        var merged = new ArrayList<Mapping>();
        Origin merge = null;
        for (var event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
            if (!(event instanceof ScalarEvent scalar)) {
                throw refused(
                        here(),
                        event instanceof AliasEvent
                                ? "an alias can't be a key"
                                : "a list or a mapping can't be a key (a text that begins with [ or { needs quotes)",
                        event);
            }
            var name = scalar.getValue();
            var origin = origin(scalar.getStartMark());
            if (scalar.getTag().isPresent()) {
                tag(scalar.getTag(), "str", scalar);
            }
            if (scalar.getAnchor().isPresent()) {
                anchors.put(scalar.getAnchor().get(), new Anchored(scalar(scalar), 1));
            }
            path.add(name);
            if (name.isEmpty() && limits.configuration) {
                problems.add(here(), "a key without a name", origin);
            } else if (limits.configuration && source.isWritten() && name.contains("${")) {
                problems.add(here(), "a key is taken as it is (expected: ${...} in values only)", origin);
            }
            visible(scalar, origin);
            if (name.equals("<<") && scalar.isPlain()) {
                if (merge != null) {
                    problems.add(twice(merge, origin));
                }
                merge = origin;
                merge(node(next(), depth + 1), merged);
            } else {
                var member = new Member(origin, node(next(), depth + 1));
                var first = members.putIfAbsent(name, member);
                if (first != null) {
                    problems.add(twice(first.key(), origin));
                }
            }
            path.removeLast();
        }
        for (var mapping : merged) {
            for (var member : mapping.members().entrySet()) {
                members.putIfAbsent(member.getKey(), member.getValue());
            }
        }
        return new Mapping(members, origin(start.getStartMark()));
    }

    private ConfigProblem twice(Origin first, Origin second) {
        var place = first.line() == 0 ? "" : ", first in line " + first.line();
        return new ConfigProblem(here(), "written twice" + place, second);
    }

    /** What {@code <<} brings in: a mapping, or a list of them of which the first are the stronger. */
    private void merge(Node node, List<Mapping> merged) {
        if (node instanceof Mapping mapping) {
            merged.add(mapping);
        } else if (node instanceof Sequence sequence
                && sequence.items().stream().allMatch(Mapping.class::isInstance)) {
            for (var item : sequence.items()) {
                merged.add((Mapping) item);
            }
        } else {
            problems.add(
                    here(), node.kind() + " (expected: an alias of keys and values, or a list of them)", node.origin());
        }
    }

    private void tag(Optional<String> tag, String allowed, Event event) {
        if (tag.isEmpty() || tag.get().equals("!") || tag.get().equals(CORE + allowed)) {
            return;
        }
        var name = tag.get();
        var shown = name.startsWith(CORE) ? "!!" + name.substring(CORE.length()) : name;
        problems.add(
                here(),
                "the tag " + shorten(shown)
                        + " is not known here (values get their type from the service; leave it out)",
                origin(event.getStartMark()));
    }

    private String here() {
        if (path.isEmpty()) {
            return key;
        }
        return key.isEmpty() ? String.join(".", path) : key + "." + String.join(".", path);
    }

    private Origin origin(Optional<Mark> mark) {
        return places && mark.isPresent()
                ? source.at(mark.get().getLine() + 1, mark.get().getColumn() + 1)
                : source;
    }

    private Refused refused(String key, String message, Event event) {
        return new Refused(new ConfigProblem(key, message, origin(event.getStartMark())));
    }

    /** The parser's complaint in the words of someone who writes a file. */
    private ConfigProblem syntax(MarkedYamlEngineException e) {
        var problem = e.getProblem() == null ? "" : e.getProblem();
        var context = e.getContext() == null ? "" : e.getContext();
        var begin = e.getContextMark();
        var place = e.getProblemMark();
        var since = begin.isEmpty() || !places
                ? " here"
                : " in line " + (begin.get().getLine() + 1);
        String message;
        if (problem.contains("\\t(TAB)")) {
            message = "a tab can't indent or begin a value (expected: spaces)";
        } else if (problem.startsWith("found character '") && problem.length() > 17) {
            message = "a value can't begin with " + problem.charAt(17) + " (put it in quotes)";
        } else if (problem.startsWith("mapping values are not allowed")) {
            message = "a key isn't possible here (is the line above or this one indented wrongly,"
                    + " or does a value with ': ' need quotes?)";
        } else if (problem.startsWith("sequence entries are not allowed")) {
            message = "a list can't begin here (put it on a line of its own, or write [a, b])";
        } else if (problem.startsWith("expected ',' or ']'")) {
            message = "no ',' or ']' for the list that begins" + since;
        } else if (problem.startsWith("expected ',' or '}'")) {
            message = "no ',' or '}' for the keys and values that begin" + since
                    + (after(place, '$') ? " (a value with ${...} needs quotes between { and })" : "");
        } else if (problem.startsWith("expected <block end>") && sameLine(begin, place)) {
            message =
                    "there is more text here than one value (expected: quotes around all of it, or a line of its own)";
        } else if (problem.startsWith("expected <block end>")) {
            message = context.contains("collection")
                    ? "this doesn't continue the list that begins" + since + " (expected: - at the same column)"
                    : "this doesn't continue the keys that begin" + since + " (expected: the same column)";
        } else if (problem.contains("unexpected end of stream") || problem.contains("unexpected document separator")) {
            place = begin.isPresent() ? begin : place;
            message = "the quotes that open here are never closed";
        } else if (problem.startsWith("could not find expected ':'")) {
            place = begin.isPresent() ? begin : place;
            message = "no ': ' after this key (or, in a list, no space after '-')";
        } else if (problem.endsWith("<stream end>'")) {
            message = "the text ends where a value, or a ] or }, is missing";
        } else if (problem.startsWith("expected the node content")) {
            message = "a value is missing before this";
        } else if (context.endsWith("alias") || context.endsWith("anchor")) {
            message = "a value that begins with * or & needs quotes (else a name of letters and digits follows)";
        } else if (context.endsWith("directive") || isBefore(problem)) {
            message = "a line that begins with % is for the parser (expected: quotes, if it is a value)";
        } else if (context.endsWith("block scalar")) {
            message = "after | or > the line ends (else the value needs quotes)";
        } else if (problem.startsWith("found unknown escape character")
                || problem.startsWith("expected escape sequence")) {
            message = "this escape is not known in double quotes (write \\\\ for one \\, or use single quotes)";
        } else if (problem.startsWith("expected '<document start>'")) {
            message = "there is text after the end";
        } else if (problem.startsWith("found undefined tag handle") || context.endsWith("tag")) {
            message = "tags are not known here (values get their type from the service; leave it out)";
        } else {
            message = "this is not YAML: " + shorten(context.isEmpty() ? problem : context + ", " + problem);
        }
        return new ConfigProblem(key, message, origin(place));
    }

    /** Whether what comes before a document is the trouble, and not what comes after it. */
    private boolean isBefore(String problem) {
        return problem.startsWith("expected '<document start>'")
                && last != null
                && last.getEventId() == Event.ID.StreamStart;
    }

    private static boolean sameLine(Optional<Mark> begin, Optional<Mark> place) {
        return begin.isPresent()
                && place.isPresent()
                && begin.get().getLine() == place.get().getLine();
    }

    /** Whether the character before a mark is {@code c}. */
    private boolean after(Optional<Mark> mark, char c) {
        if (mark.isEmpty() || mark.get().getIndex() == 0) {
            return false;
        }
        int at = text.offsetByCodePoints(0, Math.min(mark.get().getIndex(), text.codePointCount(0, text.length())));
        return text.charAt(at - 1) == c;
    }

    private static String shorten(String text) {
        var line = text.replace('\n', ' ').replace('\r', ' ');
        return line.length() <= 80 ? line : line.substring(0, 80) + "…";
    }
}
