package dev.plinth;

import dev.plinth.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** A JSON Schema as a file under version control: one line for each section, so that a change shows what it changes. */
final class SchemaFile {
    private SchemaFile() {}

    static String text(String service, Map<String, Object> schema) {
        var head = new LinkedHashMap<>(schema);
        head.put("title", "service.yaml of " + service);
        var sections = (Map<?, ?>) Objects.requireNonNull(head.remove("properties"));
        var text = new StringBuilder(json(head));
        text.setLength(text.length() - 1);
        text.append(",\"properties\":{");
        var comma = "\n";
        for (var section : sections.entrySet()) {
            text.append(comma).append(json(section.getKey())).append(": ").append(json(section.getValue()));
            comma = ",\n";
        }
        return text.append("\n}}\n").toString();
    }

    private static String json(Object value) {
        return new String(Json.standard().write(value), StandardCharsets.UTF_8);
    }
}
