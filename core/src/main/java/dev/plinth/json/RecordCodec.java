package dev.plinth.json;

import dev.plinth.error.Violation;
import dev.plinth.schema.DidYouMean;
import dev.plinth.schema.Property;
import dev.plinth.schema.Rule;
import dev.plinth.schema.Ruled;
import dev.plinth.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.sym.PropertyNameMatcher;
import tools.jackson.core.util.Named;

/** A record: an object in JSON, whose names are those of the components. */
final class RecordCodec implements Codec {
    private final Schema<?> schema;
    private final Property[] properties;
    private final Rule[] rules;
    private final PropertyNameMatcher matcher;
    private final SerializedString[] names;
    private final Codecs codecs;
    // Filled at first use and not before, since records may hold themselves; two threads fill it alike.
    private volatile Slot @Nullable [] slots;

    RecordCodec(Schema<?> schema, Codecs codecs) {
        this.schema = schema;
        this.codecs = codecs;
        this.properties = schema.properties().toArray(new Property[0]);
        this.rules = schema.rules().toArray(new Rule[0]);
        this.names = new SerializedString[properties.length];
        var named = new ArrayList<Named>(properties.length);
        for (int i = 0; i < properties.length; i++) {
            names[i] = new SerializedString(properties[i].name());
            named.add(Named.fromString(properties[i].name()));
        }
        this.matcher = Json.FACTORY.constructNameMatcher(named, false);
    }

    private Slot[] slots() {
        var linked = slots;
        if (linked == null) {
            linked = new Slot[properties.length];
            for (int i = 0; i < linked.length; i++) {
                linked[i] = codecs.slot(properties[i].shape());
            }
            slots = linked;
        }
        return linked;
    }

    @Override
    public Object read(Reading in) {
        var parser = in.parser;
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return in.wrongType("an object");
        }
        return readMembers(in);
    }

    /** Reads the members that come next, to the end of the object. */
    Object readMembers(Reading in) {
        var parser = in.parser;
        var slots = slots();
        var values = new @Nullable Object[properties.length];
        var failed = false;
        while (true) {
            var match = parser.nextNameMatch(matcher);
            if (match >= 0) {
                if (values[match] != null) {
                    in.report(Violation.of(in.pointer(), "DUPLICATE_KEY", "must not be there twice"));
                    failed = true;
                }
                values[match] = parser.nextToken() == JsonToken.VALUE_NULL ? Mark.NULL : slots[match].read(in);
                failed |= values[match] == Mark.FAILED;
            } else if (match == PropertyNameMatcher.MATCH_END_OBJECT) {
                break;
            } else {
                failed |= in.strict && !reportUnknown(in);
                parser.nextToken();
                parser.skipChildren();
            }
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null || values[i] == Mark.NULL) {
                values[i] = properties[i].absent();
                failed |= values[i] == null && !mayBeNull(i, slots[i], in);
            }
        }
        return failed ? Mark.FAILED : create(values, in);
    }

    private boolean mayBeNull(int index, Slot slot, Reading in) {
        var property = properties[index];
        if (property.rawType().isPrimitive() || (property.isLive() && property.required())) {
            in.report(Violation.of(in.pointer(property.name()), "REQUIRED", "must be given"));
            return false;
        }
        return slot.judgeNothing(null, property.name(), in);
    }

    private boolean reportUnknown(Reading in) {
        var known = new ArrayList<String>(properties.length);
        for (var property : properties) {
            known.add(property.name());
        }
        var name = in.parser.currentName();
        var meant = name == null || name.length() > 100 ? Optional.<String>empty() : DidYouMean.nearest(name, known);
        in.report(new Violation(
                in.pointer(),
                "UNKNOWN_KEY",
                "is unknown" + (meant.isPresent() ? " (did you mean " + meant.get() + "?)" : ""),
                "one of " + String.join(", ", known),
                ""));
        return false;
    }

    private Object create(@Nullable Object[] values, Reading in) {
        Record record;
        try {
            record = schema.create(values);
        } catch (IllegalArgumentException e) {
            in.report(Violation.of(in.pointer(), "INVALID", e.getMessage() == null ? "is refused" : e.getMessage()));
            return Mark.FAILED;
        } catch (NullPointerException e) {
            // A compact constructor that takes a value for granted, as List.copyOf does: the sender left it out.
            var missing = missing(values);
            if (missing.isEmpty()) {
                throw e;
            }
            in.report(Violation.of(in.pointer(), "REQUIRED", "must have a value for " + String.join(", ", missing)));
            return Mark.FAILED;
        }
        return whole(record, in) ? record : Mark.FAILED;
    }

    /** The place costs a walk through the parser, so it is asked for only where something is to be said. */
    private boolean whole(Record record, Reading in) {
        return (rules.length == 0 && !(record instanceof Ruled))
                || schema.checkWhole(record, in.pointer(), in.time, in::report);
    }

    private List<String> missing(@Nullable Object[] values) {
        var missing = new ArrayList<String>();
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) {
                missing.add(properties[i].name());
            }
        }
        return missing;
    }

    @Override
    public void write(Object value, JsonGenerator out) {
        out.writeStartObject();
        writeMembers(value, out);
        out.writeEndObject();
    }

    /** Writes the members alone. */
    void writeMembers(Object value, JsonGenerator out) {
        var slots = slots();
        var values = schema.values((Record) value);
        for (int i = 0; i < slots.length; i++) {
            var component = values[i];
            if (component instanceof Optional<?> optional && optional.isEmpty()) {
                continue;
            }
            out.writeName(names[i]);
            slots[i].write(component, out);
        }
    }
}
