package dev.plinth.http;

import dev.plinth.error.Category;
import dev.plinth.error.Violation;
import dev.plinth.http.engine.Engine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Describes the problems that {@link ProblemPage} sends. */
final class ProblemSchema {
    static final String NAME = "Problem";
    static final String VIOLATION = "Violation";

    /** The answer where what comes in is judged, and no other problem has that status. */
    static final String INVALID = "Invalid";

    private static final String MEDIA_TYPE = "application/problem+json";

    private ProblemSchema() {}

    static Map<String, Object> schema() {
        var categories = new ArrayList<Object>();
        for (var category : Category.values()) {
            categories.add(category.wireName());
        }
        var properties = new LinkedHashMap<String, Object>();
        properties.put("type", member("string", "Always about:blank: the code tells which problem it is."));
        properties.put("title", member("string", "The words of the status."));
        properties.put("status", member("integer", "The status of the answer."));
        properties.put("detail", member("string", "What is wrong, for people."));
        properties.put("code", member("string", "Which problem it is, for programs; part of the contract."));
        var category = member("string", "What kind of problem it is, for programs that don't know the code.");
        category.put("enum", categories);
        properties.put("category", category);
        properties.put("trace_id", member("string", "By which the logs of all services have it."));
        var violations = member("array", "What of the request broke which rule.");
        violations.put("items", Map.of("$ref", OpenApi.SCHEMAS + VIOLATION));
        properties.put("violations", violations);
        var tree = member("object", "A failure, by RFC 9457.");
        tree.put("required", List.of("type", "title", "status", "detail", "code", "category", "trace_id"));
        tree.put("properties", properties);
        return tree;
    }

    /** {@link Violation}, of which no part is ever missing. */
    static Map<String, Object> violation() {
        var properties = new LinkedHashMap<String, Object>();
        properties.put("pointer", member("string", "Where, as a JSON Pointer; empty for the whole."));
        properties.put("code", member("string", "Which rule, for programs."));
        properties.put("message", member("string", "What is wrong, for people."));
        properties.put("expected", member("string", "What would have been right; may be empty."));
        properties.put("actual", member("string", "What was sent; may be empty."));
        var tree = member("object", "One rule that one value broke.");
        tree.put("required", List.copyOf(properties.keySet()));
        tree.put("properties", properties);
        return tree;
    }

    private static Map<String, Object> member(String type, String sentence) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("type", type);
        tree.put("description", sentence);
        return tree;
    }

    /** An answer with a problem, of which nothing more is known. */
    static Map<String, Object> response() {
        return response("A problem; its code tells which.", Map.of());
    }

    /** An answer with one of these problems, all of one status. */
    static Map<String, Object> response(List<Operation.Told> problems) {
        var lines = new ArrayList<String>();
        var examples = new LinkedHashMap<String, Object>();
        for (var problem : problems) {
            lines.add("`" + problem.code() + "`: " + problem.sentence());
            examples.put(problem.code(), Map.of("value", example(problem)));
        }
        return response(lines.size() == 1 ? lines.getFirst() : "- " + String.join("\n- ", lines), examples);
    }

    private static Map<String, Object> response(String description, Map<String, Object> examples) {
        var media = new LinkedHashMap<String, Object>();
        media.put("schema", Map.of("$ref", OpenApi.SCHEMAS + NAME));
        if (!examples.isEmpty()) {
            media.put("examples", examples);
        }
        var response = new LinkedHashMap<String, Object>();
        response.put("description", description);
        response.put("content", Map.of(MEDIA_TYPE, media));
        return response;
    }

    private static Map<String, Object> example(Operation.Told problem) {
        var value = new LinkedHashMap<String, Object>();
        value.put("type", "about:blank");
        value.put("title", Engine.phrase(problem.status()));
        value.put("status", problem.status());
        value.put("detail", problem.sentence());
        value.put("code", problem.code());
        value.put("category", problem.category().wireName());
        value.put("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736");
        return value;
    }
}
