package dev.plinth.json;

import dev.plinth.schema.TextParser;
import dev.plinth.secret.Secret;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;

/** Every type that {@link TextParser} reads and JSON does not have: a string in JSON. */
record TextCodec(Class<?> type) implements Codec {
    /** Regular expressions apart, no such value is longer; it keeps errors and parsers from huge texts. */
    private static final int LONGEST = 10_000;

    @Override
    public Object read(Reading in) {
        if (in.parser.currentToken() != JsonToken.VALUE_STRING) {
            // Whoever sends a number for a secret has still sent the secret.
            return in.fail("WRONG_TYPE", TextParser.expected(type), type == Secret.class ? "" : in.actual());
        }
        var text = in.parser.getString();
        if (type == Secret.class) {
            return Secret.of(text);
        }
        if (text.length() <= LONGEST) {
            try {
                return TextParser.parse(text, type);
            } catch (IllegalArgumentException e) {
                // Reported below, without the text in the message.
            }
        }
        return in.fail("WRONG_FORMAT", TextParser.expected(type), in.actual());
    }

    @Override
    public void write(Object value, JsonGenerator out) {
        out.writeString(TextParser.print(value));
    }
}
