package dev.plinth.schema;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An annotation as the class file has it: only what was written, without the defaults of the annotation type.
 *
 * @param type the binary name of the annotation type: {@code jakarta.validation.constraints.Size$List}
 * @param values strings, numbers, booleans, names of enum constants, tags, and lists of them
 */
record Tag(String type, Map<String, Object> values) {
    @Nullable
    String text(String name) {
        return (String) values.get(name);
    }

    String text(String name, String otherwise) {
        return (String) values.getOrDefault(name, otherwise);
    }

    int number(String name, int otherwise) {
        return (Integer) values.getOrDefault(name, otherwise);
    }

    boolean flag(String name, boolean otherwise) {
        return (Boolean) values.getOrDefault(name, otherwise);
    }

    List<?> list(String name) {
        return (List<?>) values.getOrDefault(name, List.of());
    }

    /** The name as it is written in code: {@code @Size}. */
    @Override
    public String toString() {
        return "@" + type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1);
    }
}
