package dev.plinth.json;

import dev.plinth.schema.Live;
import tools.jackson.core.JsonGenerator;

/** A live value: what it holds now. */
record LiveCodec(Slot slot) implements Codec {
    @Override
    public Object read(Reading in) {
        var value = slot.read(in);
        return value == Mark.FAILED || value == null ? Mark.FAILED : Live.of(value);
    }

    @Override
    public void write(Object value, JsonGenerator out) {
        slot.write(((Live<?>) value).get(), out);
    }
}
