package dev.plinth.json;

import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** An optional: what it holds, or null. A record leaves an empty one out. */
record OptionalCodec(Slot slot) implements Codec {
    @Override
    public Object read(Reading in) {
        var value = slot.read(in);
        return value == Mark.FAILED ? Mark.FAILED : Optional.ofNullable(value);
    }

    @Override
    public Object nothing() {
        return Optional.empty();
    }

    @Override
    public void write(Object value, JsonGenerator out) {
        slot.write(((Optional<?>) value).orElse(null), out);
    }
}
