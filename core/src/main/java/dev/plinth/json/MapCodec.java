package dev.plinth.json;

import dev.plinth.error.Violation;
import dev.plinth.schema.Rule;
import dev.plinth.schema.Shape;
import dev.plinth.schema.TextParser;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;

/** A map by texts, or by what is written as text: an object in JSON, its order kept. What is read can't be changed. */
final class MapCodec implements Codec {
    private final Class<?> key;
    private final @Nullable EnumCodec constants;
    private final List<Rule> keyRules;
    private final Slot value;

    MapCodec(Shape key, Slot value) {
        this.key = key.rawType();
        this.constants = key.rawType().isEnum() ? new EnumCodec(key.rawType()) : null;
        this.keyRules = key.rules();
        this.value = value;
    }

    @Override
    public Object read(Reading in) {
        var parser = in.parser;
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return in.wrongType("an object");
        }
        var map = new LinkedHashMap<Object, Object>();
        var failed = false;
        for (var name = parser.nextName(); name != null; name = parser.nextName()) {
            var parsed = readKey(name, in);
            if (parsed != Mark.FAILED && map.containsKey(parsed)) {
                in.report(Violation.of(in.pointer(), "DUPLICATE_KEY", "must not be there twice"));
                failed = true;
            }
            parser.nextToken();
            var item = value.read(in);
            map.put(parsed, item);
            failed |= parsed == Mark.FAILED || item == Mark.FAILED;
        }
        return failed ? Mark.FAILED : Collections.unmodifiableMap(map);
    }

    private Object readKey(String name, Reading in) {
        Object parsed = name;
        if (constants != null) {
            parsed = constants.find(name);
            if (parsed == null) {
                return failKey("UNKNOWN_VALUE", constants.expected(name), name, in);
            }
        } else if (key != String.class) {
            try {
                parsed = TextParser.parse(name, key);
            } catch (IllegalArgumentException e) {
                return failKey("WRONG_FORMAT", TextParser.expected(key), name, in);
            }
        }
        for (var rule : keyRules) {
            if (!rule.holds(parsed, in.time)) {
                var broken = rule.violation(in.pointer(), parsed);
                in.report(new Violation(
                        broken.pointer(),
                        broken.code(),
                        "has a name that " + broken.message(),
                        broken.expected(),
                        broken.actual()));
                parsed = Mark.FAILED;
                break;
            }
        }
        return parsed;
    }

    private static Object failKey(String code, String expected, String name, Reading in) {
        in.report(new Violation(in.pointer(), code, "must have a name that is " + expected, expected, name));
        return Mark.FAILED;
    }

    @Override
    public void write(Object map, JsonGenerator out) {
        out.writeStartObject();
        for (var entry : ((Map<?, ?>) map).entrySet()) {
            var name = entry.getKey();
            if (name == null) {
                // So that the generator stands at its place.
                out.writeName("null");
                throw new IllegalArgumentException("a map has a null key (expected: a text)");
            }
            out.writeName(name instanceof String text ? text : TextParser.print(name));
            value.write(entry.getValue(), out);
        }
        out.writeEndObject();
    }
}
