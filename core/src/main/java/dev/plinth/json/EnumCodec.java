package dev.plinth.json;

import dev.plinth.schema.DidYouMean;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;

/** An enum: the exact name of the constant. */
final class EnumCodec implements Codec {
    private final Map<String, Object> constants = new LinkedHashMap<>();
    private final String expected;

    EnumCodec(Class<?> type) {
        for (var constant : type.getEnumConstants()) {
            constants.put(((Enum<?>) constant).name(), constant);
        }
        expected = (constants.size() == 1 ? "" : "one of ") + String.join(", ", constants.keySet());
    }

    @Override
    public Object read(Reading in) {
        if (in.parser.currentToken() != JsonToken.VALUE_STRING) {
            return in.wrongType(expected);
        }
        var text = in.parser.getString();
        var constant = constants.get(text);
        return constant == null ? in.fail("UNKNOWN_VALUE", expected(text), in.actual()) : constant;
    }

    /** The constant of that name; null if there is none. */
    @Nullable
    Object find(String name) {
        return constants.get(name);
    }

    /** The names, and the one that was probably meant. */
    String expected(String typo) {
        var meant = typo.length() > 100
                ? null
                : DidYouMean.nearest(typo, constants.keySet()).orElse(null);
        return expected + (meant == null ? "" : " (did you mean " + meant + "?)");
    }

    @Override
    public void write(Object value, JsonGenerator out) {
        out.writeString(((Enum<?>) value).name());
    }
}
