package dev.plinth.http;

import dev.plinth.http.engine.Engine;
import dev.plinth.json.Json;
import dev.plinth.json.JsonSchemas;
import dev.plinth.schema.Property;
import dev.plinth.schema.Schema;
import dev.plinth.schema.Shape;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One route as an Operation Object. What it has in common with others goes into the collections that it is given. */
final class OpenApiOperation {
    private static final Pattern PARAMETER = Pattern.compile("\\{([^}.]*)(\\.\\.\\.)?}");

    /** Words at the beginning of paths that tell nothing of what is behind them. */
    private static final Pattern NO_TAG = Pattern.compile("api|v[0-9.]+|\\{.*}|");

    /** Headers that a document tells otherwise. */
    private static final Set<String> TOLD_OTHERWISE = Set.of("accept", "content-type", "authorization");

    private final Http.Definition route;
    private final Operation said;
    private final String path;
    private final JsonSchemas schemas;
    private final OperationIds ids;
    private final Map<String, String> tags;
    private final Map<String, Object> schemes;
    private final Map<String, Object> sharedResponses;
    private final String service;

    OpenApiOperation(
            OpenApi.Described described,
            String path,
            JsonSchemas schemas,
            OperationIds ids,
            Map<String, String> tags,
            Map<String, Object> schemes,
            Map<String, Object> sharedResponses,
            String service) {
        this.route = described.route();
        this.said = described.operation();
        this.path = path;
        this.schemas = schemas;
        this.ids = ids;
        this.tags = tags;
        this.schemes = schemes;
        this.sharedResponses = sharedResponses;
        this.service = service;
    }

    /**
     * The operation.
     *
     * @param versions of the API in which there is this route; empty if it is in none of its own
     * @param api the one that the document is about; null for callers that name none
     */
    Map<String, Object> tree(List<String> versions, @Nullable String api) {
        var tree = new LinkedHashMap<String, Object>();
        var id = said.id == null ? ids.make(route.method(), route.pattern()) : said.id;
        tree.put("operationId", id);
        tree.put("summary", said.summary == null ? OperationIds.words(id) : said.summary);
        tree.put("description", said.description == null ? tree.get("summary") + "." : said.description);
        tree.put("tags", tagged());
        if (said.deprecated) {
            tree.put("deprecated", true);
        }
        security(tree);
        var parameters = parameters(versions, api);
        if (!parameters.isEmpty()) {
            tree.put("parameters", parameters);
        }
        var body = body();
        if (body != null) {
            tree.put("requestBody", body);
        }
        tree.put("responses", responses());
        return tree;
    }

    private List<String> tagged() {
        var group = route.group().tag();
        if (!said.tags.isEmpty()) {
            said.tags.forEach(name -> tags.putIfAbsent(name, "What belongs to " + name + "."));
            return said.tags;
        }
        if (group != null) {
            tags.put(group.name(), group.sentence());
            return List.of(group.name());
        }
        for (var segment : path.split("/", -1)) {
            if (!NO_TAG.matcher(segment).matches()) {
                tags.putIfAbsent(segment, "What belongs to " + segment + ".");
                return List.of(segment);
            }
        }
        tags.putIfAbsent(service, "What belongs to " + service + ".");
        return List.of(service);
    }

    private void security(Map<String, Object> tree) {
        var wanted = route.group().security();
        if (wanted == null) {
            return;
        }
        var requirements = new ArrayList<Object>();
        for (var scheme : wanted) {
            schemes.put(scheme.name(), scheme.description());
            requirements.add(Map.of(scheme.name(), List.of()));
        }
        tree.put("security", requirements);
    }

    // ---- what comes in ---------------------------------------------------------------------------------------------

    private List<Object> parameters(List<String> versions, @Nullable String api) {
        var all = new ArrayList<Object>();
        var names =
                PARAMETER.matcher(path).results().map(found -> found.group(1)).toList();
        var own = PARAMETER.matcher(route.pattern()).results().toList();
        for (var name : said.pathTypes.keySet()) {
            if (own.stream().noneMatch(found -> found.group(1).equals(name))) {
                throw new IllegalArgumentException(
                        "the path has no parameter '" + name + "', which is described for it");
            }
        }
        for (int i = 0; i < names.size(); i++) {
            var name = own.get(i).group(1);
            boolean rest = own.get(i).group(2) != null;
            var type = said.pathTypes.getOrDefault(name, String.class);
            var sentence = said.pathDocs.getOrDefault(name, rest ? "The rest of the path, with its slashes." : "");
            all.add(parameter(names.get(i), "path", sentence, true, schemas.of(type)));
        }
        if (said.query != null) {
            record(Schema.of(said.query), "", "query", Property::name, all);
        }
        if (said.headers != null) {
            record(Schema.of(said.headers), "", "header", Property::key, all);
        }
        if (said.cookies != null) {
            record(Schema.of(said.cookies), "", "cookie", Property::name, all);
        }
        if (!versions.isEmpty()) {
            var schema = new LinkedHashMap<String, Object>();
            schema.put("type", "string");
            schema.put("enum", api == null ? versions : List.of(api));
            boolean first = api == null || api.equals(versions.getFirst());
            if (first) {
                schema.put("default", versions.getFirst());
            }
            all.add(parameter(Versions.HEADER, "header", "The version of the API.", !first, schema));
        }
        return all;
    }

    private static Map<String, Object> parameter(
            String name, String in, String sentence, boolean required, Map<String, Object> schema) {
        var parameter = new LinkedHashMap<String, Object>();
        parameter.put("name", name);
        parameter.put("in", in);
        if (!sentence.isEmpty()) {
            parameter.put("description", sentence);
        }
        if (required) {
            parameter.put("required", true);
        }
        parameter.put("schema", schema);
        return parameter;
    }

    /** As {@link Binding} takes a record apart. */
    private void record(Schema<?> record, String prefix, String in, Function<Property, String> names, List<Object> to) {
        for (var property : record.properties()) {
            var name = prefix + names.apply(property);
            if (property.shape().kind() == Shape.Kind.RECORD) {
                record(Schema.of(property.rawType().asSubclass(Record.class)), name + ".", in, names, to);
            } else if (!in.equals("header") || !TOLD_OTHERWISE.contains(name)) {
                var schema = schemas.of(property);
                var sentence = schema.remove("description");
                var parameter =
                        parameter(name, in, sentence == null ? "" : sentence.toString(), property.required(), schema);
                if (schema.remove("deprecated") != null) {
                    parameter.put("deprecated", true);
                }
                to.add(parameter);
            }
        }
    }

    private @Nullable Map<String, Object> body() {
        var content = new LinkedHashMap<String, Object>();
        if (said.form != null) {
            var form = Schema.of(said.form);
            boolean files = form.properties().stream().anyMatch(OpenApiOperation::isFile);
            content.put(
                    files ? "multipart/form-data" : "application/x-www-form-urlencoded",
                    media(form(form), said.bodyExample));
        } else if (said.bodyType != null) {
            content.put(said.bodyType, media(asIs(said.bodyType), said.bodyExample));
        } else if (said.body != null) {
            content.put("application/json", media(schemas.of(said.body), said.bodyExample));
        } else {
            return null;
        }
        var body = new LinkedHashMap<String, Object>();
        body.put("required", true);
        body.put("content", content);
        return body;
    }

    private static boolean isFile(Property property) {
        var shape = property.shape();
        return shape.rawType() == Upload.class
                || shape.arguments().stream().anyMatch(held -> held.rawType() == Upload.class);
    }

    private Map<String, Object> form(Schema<?> form) {
        var tree = new LinkedHashMap<String, Object>();
        var properties = new LinkedHashMap<String, Object>();
        var required = new ArrayList<String>();
        fields(form, "", properties, required);
        tree.put("type", "object");
        if (!required.isEmpty()) {
            tree.put("required", required);
        }
        tree.put("properties", properties);
        return tree;
    }

    private void fields(Schema<?> form, String prefix, Map<String, Object> properties, List<String> required) {
        for (var property : form.properties()) {
            var name = prefix + property.name();
            if (property.shape().kind() == Shape.Kind.RECORD) {
                fields(Schema.of(property.rawType().asSubclass(Record.class)), name + ".", properties, required);
                continue;
            }
            var schema = schemas.of(property);
            if (isFile(property)) {
                var file = asIs("application/octet-stream");
                if (schema.containsKey("items")) {
                    schema.put("items", file);
                } else {
                    schema.putAll(file);
                }
            }
            properties.put(name, schema);
            if (property.required()) {
                required.add(name);
            }
        }
    }

    private static Map<String, Object> asIs(String mediaType) {
        var schema = new LinkedHashMap<String, Object>();
        schema.put("type", "string");
        if (!mediaType.startsWith("text/")) {
            schema.put("format", "binary");
        }
        return schema;
    }

    private static Map<String, Object> media(Map<String, Object> schema, @Nullable Object example) {
        var media = new LinkedHashMap<String, Object>();
        media.put("schema", schema);
        if (example != null) {
            var json = Json.standard();
            media.put("example", json.read(json.write(example), Object.class));
        }
        return media;
    }

    // ---- what goes out ---------------------------------------------------------------------------------------------

    private Map<String, Object> responses() {
        var byStatus = new TreeMap<String, Object>();
        for (var answer : said.answers) {
            var status = String.valueOf(answer.status());
            if (byStatus.get(status) instanceof Map<?, ?> other && answer.mediaType() != null) {
                addContent(other, answer);
            } else {
                byStatus.put(status, response(answer));
            }
        }
        if (said.answers.isEmpty()) {
            byStatus.put("2XX", Map.of("description", "It is done. What comes back is not described."));
        }
        problems().forEach((status, problems) -> byStatus.put(String.valueOf(status), response(problems)));
        var any = shared(ProblemSchema.NAME);
        var security = route.group().security();
        if (security != null && !security.isEmpty()) {
            byStatus.putIfAbsent("401", any);
            byStatus.putIfAbsent("403", any);
        }
        if (byStatus.keySet().stream().noneMatch(status -> status.startsWith("4"))) {
            byStatus.put("4XX", any);
        }
        byStatus.put("default", any);
        return byStatus;
    }

    private Map<String, Object> response(List<Operation.Told> problems) {
        if (!problems.equals(List.of(Operation.VALIDATION_FAILED))) {
            return ProblemSchema.response(problems);
        }
        sharedResponses.computeIfAbsent(ProblemSchema.INVALID, _ -> ProblemSchema.response(problems));
        return shared(ProblemSchema.INVALID);
    }

    private static Map<String, Object> shared(String response) {
        return Map.of("$ref", "#/components/responses/" + response);
    }

    /** The problems by status: those that were described, and what the chassis itself answers. */
    private Map<Integer, List<Operation.Told>> problems() {
        var byStatus = new TreeMap<Integer, List<Operation.Told>>();
        var all = new ArrayList<Operation.Told>();
        boolean judged = said.body != null
                || said.form != null
                || said.query != null
                || said.headers != null
                || said.cookies != null
                || !said.pathTypes.isEmpty();
        if (judged) {
            all.add(Operation.VALIDATION_FAILED);
        }
        all.addAll(said.problems);
        for (var problem : all) {
            byStatus.computeIfAbsent(problem.status(), _ -> new ArrayList<>(1)).add(problem);
        }
        return byStatus;
    }

    private Map<String, Object> response(Operation.Answer answer) {
        var response = new LinkedHashMap<String, Object>();
        var doc = answer.type() instanceof Class<?> type && type.isRecord() && !answer.list()
                ? Schema.of(type.asSubclass(Record.class)).doc()
                : null;
        response.put("description", doc == null ? Engine.phrase(answer.status()) + "." : doc);
        if (answer.status() == 201) {
            response.put("headers", Map.of("Location", location()));
        }
        if (answer.mediaType() != null) {
            var content = new LinkedHashMap<String, Object>();
            content.put(answer.mediaType(), content(answer));
            response.put("content", content);
        }
        return response;
    }

    @SuppressWarnings("unchecked") // response() made it
    private void addContent(Map<?, ?> response, Operation.Answer answer) {
        if (response.get("content") instanceof Map<?, ?> content && answer.mediaType() != null) {
            ((Map<String, Object>) content).put(answer.mediaType(), content(answer));
        }
    }

    private Map<String, Object> content(Operation.Answer answer) {
        return media(schema(answer), said.answerExamples.get(answer.status()));
    }

    private Map<String, Object> schema(Operation.Answer answer) {
        Type type = answer.type();
        if (type == null) {
            return asIs(String.valueOf(answer.mediaType()));
        }
        var schema = schemas.of(type);
        if (!answer.list()) {
            return schema;
        }
        var list = new LinkedHashMap<String, Object>();
        list.put("type", "array");
        list.put("items", schema);
        return list;
    }

    private static Map<String, Object> location() {
        var header = new LinkedHashMap<String, Object>();
        header.put("description", "Where it is.");
        header.put("schema", Map.of("type", "string"));
        return header;
    }
}
