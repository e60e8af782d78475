package dev.plinth.json;

import dev.plinth.error.Violation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * {@link Object}: read as it stands in the document, and written as the class of each value says.
 *
 * <p>Objects become maps in their order, whole numbers the smallest of Integer, Long and BigInteger, other numbers
 * BigDecimal, so that nothing of a number is lost.
 */
record TreeCodec() implements Codec {
    @Override
    public Object read(Reading in) {
        var parser = in.parser;
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(in);
            case START_ARRAY -> array(in);
            case VALUE_STRING -> parser.getString();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT -> whole(parser);
            default -> Scalar.exact(in);
        };
    }

    private static Object whole(JsonParser parser) {
        return switch (parser.getNumberType()) {
            case INT -> parser.getIntValue();
            case LONG -> parser.getLongValue();
            default -> parser.getBigIntegerValue();
        };
    }

    private @Nullable Object value(Reading in) {
        return in.parser.nextToken() == JsonToken.VALUE_NULL ? null : read(in);
    }

    private Object object(Reading in) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        var failed = false;
        for (var name = in.parser.nextName(); name != null; name = in.parser.nextName()) {
            if (map.containsKey(name)) {
                in.report(Violation.of(in.pointer(), "DUPLICATE_KEY", "must not be there twice"));
                failed = true;
            }
            var value = value(in);
            failed |= value == Mark.FAILED;
            map.put(name, value);
        }
        return failed ? Mark.FAILED : Collections.unmodifiableMap(map);
    }

    private Object array(Reading in) {
        var list = new ArrayList<@Nullable Object>();
        var failed = false;
        while (in.parser.nextToken() != JsonToken.END_ARRAY) {
            var item = in.parser.currentToken() == JsonToken.VALUE_NULL ? null : read(in);
            failed |= item == Mark.FAILED;
            list.add(item);
        }
        return failed ? Mark.FAILED : Collections.unmodifiableList(list);
    }

    @Override
    public void write(Object value, JsonGenerator out) {
        Codecs.ofValue(value).write(value, out);
    }
}
