package dev.plinth.openapi;

import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Origin;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a document, references followed. Immutable.
 *
 * @param id its {@code operationId}; empty where it has none
 * @param aliases other names that it may be bound by: {@code controller.id} where the document names a controller
 *     ({@code x-swagger-router-controller}, {@code x-openapi-router-controller}), and the resty name, {@code pets.search}
 * @param method in capitals
 * @param basePath the path of its server, without a slash at the end
 * @param path as the document has it, behind the base path
 * @param security alternatives, one of which must hold: the names of schemes that must hold together, with their scopes; an
 *     empty map is the alternative of no scheme at all; no alternative where nothing is asked for
 * @param node itself
 */
public record Endpoint(
        String id,
        Set<String> aliases,
        String method,
        String basePath,
        String path,
        List<Parameter> parameters,
        @Nullable Body body,
        Map<String, Answer> answers,
        List<Map<String, List<String>>> security,
        Mapping node,
        Origin origin) {
    /** How it is called in messages: its id, else method and path. */
    public String name() {
        return id.isEmpty() ? method + " " + path : id;
    }

    /**
     * One parameter.
     *
     * @param in {@code path}, {@code query}, {@code header} or {@code cookie}
     * @param style {@code form}, {@code simple}, {@code label}, {@code matrix}, {@code spaceDelimited}, {@code
     *     pipeDelimited} or {@code deepObject}
     * @param value what its value must be
     * @param json whether the value is written as JSON
     */
    public record Parameter(
            String name,
            String in,
            boolean required,
            String style,
            boolean explode,
            Value value,
            boolean json,
            Origin origin) {}

    /** The body of a request, by media type. */
    public record Body(boolean required, Map<String, Value> content) {}

    /** What is answered with a status, by media type; without content where it is empty. */
    public record Answer(Map<String, Value> content, Map<String, Header> headers) {}

    /** A header of an answer. */
    public record Header(boolean required, Value value) {}
}
