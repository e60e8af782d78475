package dev.plinth.json;

import java.util.Base64;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;

/** A {@code byte[]}: a string in Base64, with padding. */
record BytesCodec() implements Codec {
    private static final String EXPECTED = "a text in Base64";

    @Override
    public Object read(Reading in) {
        if (in.parser.currentToken() != JsonToken.VALUE_STRING) {
            return in.wrongType(EXPECTED);
        }
        try {
            return Base64.getDecoder().decode(in.parser.getString());
        } catch (IllegalArgumentException e) {
            return in.fail("WRONG_FORMAT", EXPECTED, in.actual());
        }
    }

    @Override
    public void write(Object value, JsonGenerator out) {
        out.writeBinary((byte[]) value);
    }
}
