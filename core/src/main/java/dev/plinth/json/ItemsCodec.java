package dev.plinth.json;

import dev.plinth.error.Violation;
import dev.plinth.schema.Shape;
import dev.plinth.schema.TextParser;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;

/** A list, set or array: an array in JSON. What is read can't be changed, arrays apart. */
record ItemsCodec(Shape.Kind kind, Class<?> element, Slot slot) implements Codec {
    @Override
    public Object read(Reading in) {
        var parser = in.parser;
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return in.wrongType("an array");
        }
        Collection<Object> items = kind == Shape.Kind.SET ? new LinkedHashSet<>() : new ArrayList<>();
        var failed = false;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            var item = slot.read(in);
            if (item == Mark.FAILED) {
                failed = true;
            } else if (item == null && element.isPrimitive()) {
                in.fail("REQUIRED", TextParser.expected(element), "null");
                failed = true;
            } else if (!items.add(item)) {
                in.report(Violation.of(in.pointer(), "DUPLICATE_ITEM", "must not be there twice"));
                failed = true;
            }
        }
        if (failed) {
            return Mark.FAILED;
        }
        return switch (kind) {
            case LIST -> Collections.unmodifiableList((ArrayList<Object>) items);
            case SET -> Collections.unmodifiableSet((LinkedHashSet<Object>) items);
            default -> array(items);
        };
    }

    private Object array(Collection<Object> items) {
        var array = Array.newInstance(element, items.size());
        var index = 0;
        for (var item : items) {
            Array.set(array, index++, item);
        }
        return array;
    }

    @Override
    public void write(Object value, JsonGenerator out) {
        out.writeStartArray();
        if (value instanceof Collection<?> items) {
            for (var item : items) {
                slot.write(item, out);
            }
        } else {
            for (int i = 0; i < Array.getLength(value); i++) {
                slot.write(Array.get(value, i), out);
            }
        }
        out.writeEndArray();
    }
}
