package dev.plinth.json;

import dev.plinth.schema.Rule;
import dev.plinth.schema.Shape;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;

/** A place that values are read into and written from: their codec, and the rules of this place. */
final class Slot {
    private static final Rule[] NO_RULES = {};

    private final Codec codec;
    private final Rule[] rules;

    Slot(Codec codec, Shape shape) {
        this.codec = codec;
        this.rules = shape.rules().isEmpty() ? NO_RULES : shape.rules().toArray(NO_RULES);
    }

    /** Reads the value at the current token and judges it; {@link Mark#FAILED} if it is wrong in any way. */
    @Nullable
    Object read(Reading in) {
        var value = in.parser.currentToken() == JsonToken.VALUE_NULL ? codec.nothing() : codec.read(in);
        if (value != Mark.FAILED && rules.length > 0 && !judge(value, in)) {
            return Mark.FAILED;
        }
        return value;
    }

    private boolean judge(@Nullable Object value, Reading in) {
        var right = true;
        for (var rule : rules) {
            if (!rule.holds(value, in.time)) {
                in.report(rule.violation(in.pointer(), value));
                right = false;
            }
        }
        return right;
    }

    /** Judges that nothing stands at the pointer. */
    boolean judgeNothing(@Nullable Object nothing, String name, Reading in) {
        var right = true;
        for (var rule : rules) {
            if (!rule.holds(nothing, in.time)) {
                in.report(rule.violation(in.pointer(name), nothing));
                right = false;
            }
        }
        return right;
    }

    Codec codec() {
        return codec;
    }

    void write(@Nullable Object value, JsonGenerator out) {
        if (value == null) {
            out.writeNull();
        } else {
            codec.write(value, out);
        }
    }
}
