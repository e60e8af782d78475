package dev.plinth.json;

import dev.plinth.error.Violation;
import dev.plinth.schema.Choices;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.databind.util.TokenBuffer;

/** A sealed interface of records: the object of one of them, with a name that tells which. */
record ChoiceCodec(Choices choices, Codecs codecs) implements Codec {
    @Override
    public Object read(Reading in) {
        var parser = in.parser;
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return in.wrongType("an object");
        }
        var pointer = in.pointer();
        var name = parser.nextName();
        if (choices.key().equals(name)) {
            var chosen = chosen(in);
            return chosen == null ? skip(in) : chosen.readMembers(in);
        }
        return name == null ? missing(in) : readLate(name, pointer, in);
    }

    /** Reads an object in which other names come first: they must wait until it is known whose they are. */
    private Object readLate(String first, String pointer, Reading in) {
        RecordCodec chosen = null;
        boolean found = false;
        try (var waiting = TokenBuffer.forGeneration()) {
            waiting.writeStartObject();
            for (@Nullable String name = first; name != null; name = in.parser.nextName()) {
                if (!found && choices.key().equals(name)) {
                    found = true;
                    chosen = chosen(in);
                } else {
                    waiting.writeName(name);
                    in.parser.nextToken();
                    waiting.copyCurrentStructure(in.parser);
                }
            }
            waiting.writeEndObject();
            if (!found) {
                return missing(in);
            }
            if (chosen == null) {
                return Mark.FAILED;
            }
            try (var parser = waiting.asParser(ObjectReadContext.empty())) {
                parser.nextToken();
                return chosen.readMembers(in.on(parser, pointer));
            }
        }
    }

    private Object missing(Reading in) {
        in.report(new Violation(
                in.pointer(choices.key()), "REQUIRED", "must be " + choices.expected(), choices.expected(), ""));
        return Mark.FAILED;
    }

    /** The codec of the record that the next value names; null if it names none, which is reported. */
    private @Nullable RecordCodec chosen(Reading in) {
        if (in.parser.nextToken() != JsonToken.VALUE_STRING) {
            in.wrongType(choices.expected());
            return null;
        }
        var record = choices.records().get(in.parser.getString());
        if (record == null) {
            in.fail("UNKNOWN_VALUE", choices.expected(), in.actual());
            return null;
        }
        return codecs.record(record);
    }

    private static Object skip(Reading in) {
        while (in.parser.nextName() != null) {
            in.parser.nextToken();
            in.parser.skipChildren();
        }
        return Mark.FAILED;
    }

    @Override
    public void write(Object value, JsonGenerator out) {
        out.writeStartObject();
        out.writeName(choices.key());
        out.writeString(choices.name(value.getClass()));
        codecs.record(value.getClass()).writeMembers(value, out);
        out.writeEndObject();
    }
}
