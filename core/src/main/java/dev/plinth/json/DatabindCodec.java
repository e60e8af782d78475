package dev.plinth.json;

import dev.plinth.error.Violation;
import java.lang.reflect.Type;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every class that is no record and no value of ours: left to Jackson's databind, which is loaded when the first one is
 * read or written.
 */
record DatabindCodec(Type type) implements Codec {
    private static final class Mapper {
        static final JsonMapper MAPPER = JsonMapper.builder().build();
    }

    @Override
    public Object read(Reading in) {
        // First the tree, since databind leaves a parser anywhere when it fails.
        var tree = new TreeCodec().read(in);
        if (tree == Mark.FAILED) {
            return Mark.FAILED;
        }
        try {
            return Mapper.MAPPER.convertValue(tree, Mapper.MAPPER.constructType(type));
        } catch (JacksonException e) {
            in.report(Violation.of(in.pointer() + below(e), "WRONG_TYPE", "must be part of a " + name()));
            return Mark.FAILED;
        }
    }

    private static JsonPointer below(JacksonException e) {
        var pointer = JsonPointer.empty();
        for (var step : e.getPath()) {
            pointer = step.getPropertyName() == null
                    ? pointer.appendIndex(step.getIndex())
                    : pointer.appendProperty(step.getPropertyName());
        }
        return pointer;
    }

    private String name() {
        return type instanceof Class<?> c ? c.getSimpleName() : type.getTypeName();
    }

    @Override
    public void write(Object value, JsonGenerator out) {
        Mapper.MAPPER.writeValue(out, value);
    }
}
