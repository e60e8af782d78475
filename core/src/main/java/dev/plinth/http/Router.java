package dev.plinth.http;

import dev.plinth.resilience.Priority;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one listener as a tree of path segments, so that the cost of a look-up is the depth of the path and not
 * the number of routes.
 *
 * <p>At each segment a literal wins over {@code {name}}, and that over {@code {name...}}, which takes the rest; a path
 * that fails further down is tried with the next kind. Built by one thread, then read by all.
 */
final class Router {
    /**
     * A handler and where it hangs.
     *
     * @param pattern as it was written, {@code /orders/{id}}: the {@code uri} of metrics and the name of spans
     * @param parameters the names in the pattern, in their order
     * @param origin where it was composed
     * @param number of this route, from 0
     * @param priority who gives way when there is too much to do
     * @param probe whether it answers whatever happens
     */
    record Route(
            String method,
            String pattern,
            List<String> parameters,
            Filter.Next handler,
            Origin origin,
            int number,
            Priority priority,
            boolean probe) {}

    /**
     * The line that a route was composed on. A stack that nobody prints costs next to nothing: its lines are looked up
     * only where two routes clash.
     */
    static final class Origin {
        private static final Set<String> OWN = Set.of(Origin.class.getName(), Http.class.getName());

        private final Throwable stack;

        private Origin(Throwable stack) {
            this.stack = stack;
        }

        static Origin here() {
            return new Origin(new Throwable());
        }

        /** {@code Orders.java:27}. */
        @Override
        public String toString() {
            for (var frame : stack.getStackTrace()) {
                if (!OWN.contains(frame.getClassName())) {
                    return frame.getFileName() + ":" + frame.getLineNumber();
                }
            }
            return "unknown";
        }
    }

    /** What a look-up found. */
    sealed interface Match {
        /** A route, and the raw values of its parameters. */
        record Found(Route route, List<String> values) implements Match {}

        /** The path exists, the method doesn't. */
        record WrongMethod(String pattern, Set<String> allowed) implements Match {}

        /** Nothing there. */
        record Nothing() implements Match {
            static final Nothing INSTANCE = new Nothing();
        }
    }

    private static final class Node {
        final Map<String, Node> literals = new HashMap<>();
        final Map<String, Route> routes = new LinkedHashMap<>();

        @Nullable
        Node parameter;

        @Nullable
        Node rest;

        Node parameter() {
            if (parameter == null) {
                parameter = new Node();
            }
            return parameter;
        }

        Node rest() {
            if (rest == null) {
                rest = new Node();
            }
            return rest;
        }
    }

    private final Node root = new Node();
    private int size;

    /** How many routes there are. */
    int size() {
        return size;
    }

    /**
     * Adds a route. Several versions of one route share its place.
     *
     * @throws IllegalArgumentException if the pattern is malformed, or another route has the same method and shape
     */
    void add(String method, String pattern, Filter.Next handler, Origin origin) {
        add(method, pattern, handler, origin, Priority.NORMAL, false);
    }

    void add(String method, String pattern, Filter.Next handler, Origin origin, Priority priority, boolean probe) {
        if (!pattern.startsWith("/")) {
            throw new IllegalArgumentException(
                    "route '" + pattern + "' [" + origin + "] (expected: a path that begins with /)");
        }
        var parameters = new ArrayList<String>();
        var node = root;
        var segments = pattern.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            var segment = segments[i];
            if (!segment.startsWith("{")) {
                if (segment.indexOf('{') >= 0 || segment.indexOf('}') >= 0) {
                    throw malformed(pattern, segment, origin);
                }
                node = node.literals.computeIfAbsent(segment, _ -> new Node());
                continue;
            }
            boolean rest = segment.endsWith("...}");
            var name = segment.substring(1, Math.max(1, segment.length() - (rest ? 4 : 1)));
            if (!segment.endsWith("}")
                    || !name.matches("[A-Za-z_][A-Za-z0-9_-]*")
                    || (rest && i < segments.length - 1)) {
                throw malformed(pattern, segment, origin);
            }
            if (parameters.contains(name)) {
                throw new IllegalArgumentException(
                        "route " + pattern + " [" + origin + "]: the name '" + name + "' stands there twice");
            }
            parameters.add(name);
            node = rest ? node.rest() : node.parameter();
        }
        var route = new Route(method, pattern, List.copyOf(parameters), handler, origin, size, priority, probe);
        var before = node.routes.putIfAbsent(method, route);
        if (before == null) {
            size++;
            return;
        }
        if (!before.pattern.equals(pattern)
                || !(before.handler instanceof Versions known)
                || !(handler instanceof Versions more)
                || !known.add(more)) {
            throw new IllegalArgumentException("route " + method + " " + pattern + " [" + origin + "] clashes with "
                    + method + " " + before.pattern + " [" + before.origin
                    + "]: both take the same paths. Remove one of them.");
        }
    }

    private static IllegalArgumentException malformed(String pattern, String segment, Origin origin) {
        return new IllegalArgumentException("route " + pattern + " [" + origin + "]: segment '" + segment
                + "' (expected: text, {name}, or at the end {name...} for the rest of the path)");
    }

    /** Looks up a path as it was sent; a HEAD without a route of its own takes the GET's. */
    Match find(String method, String path) {
        if (path.equals("*")) {
            return Match.Nothing.INSTANCE;
        }
        var segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            var decoded = PercentDecoder.decode(segments[i], false);
            if (decoded == null) {
                return Match.Nothing.INSTANCE;
            }
            segments[i] = decoded;
        }
        var values = new String[segments.length];
        Arrays.fill(values, "");
        var allowed = new TreeSet<String>();
        var patterns = new ArrayList<String>(1);
        var route = find(root, segments, 0, values, 0, method, allowed, patterns);
        if (route != null) {
            return new Match.Found(route, List.of(values).subList(0, route.parameters.size()));
        }
        return allowed.isEmpty() ? Match.Nothing.INSTANCE : new Match.WrongMethod(patterns.getFirst(), allowed);
    }

    private static @Nullable Route find(
            Node node,
            String[] segments,
            int at,
            String[] values,
            int count,
            String method,
            Set<String> allowed,
            List<String> patterns) {
        if (at == segments.length) {
            return route(node, method, allowed, patterns);
        }
        var literal = node.literals.get(segments[at]);
        if (literal != null) {
            var found = find(literal, segments, at + 1, values, count, method, allowed, patterns);
            if (found != null) {
                return found;
            }
        }
        if (node.parameter != null && !segments[at].isEmpty()) {
            var found = find(node.parameter, segments, at + 1, values, count + 1, method, allowed, patterns);
            if (found != null) {
                values[count] = segments[at];
                return found;
            }
        }
        if (node.rest != null) {
            var found = route(node.rest, method, allowed, patterns);
            if (found != null) {
                values[count] = String.join("/", List.of(segments).subList(at, segments.length));
                return found;
            }
        }
        return null;
    }

    private static @Nullable Route route(Node node, String method, Set<String> allowed, List<String> patterns) {
        var found = node.routes.get(method);
        if (found == null && method.equals("HEAD")) {
            found = node.routes.get("GET");
        }
        if (found == null) {
            for (var other : node.routes.values()) {
                allowed.add(other.method);
                patterns.add(other.pattern);
                if (other.method.equals("GET")) {
                    allowed.add("HEAD");
                }
            }
        }
        return found;
    }
}
