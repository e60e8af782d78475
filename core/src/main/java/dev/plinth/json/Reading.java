package dev.plinth.json;

import dev.plinth.error.Violation;
import dev.plinth.time.Time;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;

/** One document being read: where the parser stands, and what was wrong so far. One thread at a time. */
final class Reading {
    /** A hostile document could hold millions; nobody reads more than these. */
    private static final int MOST_VIOLATIONS = 100;

    final JsonParser parser;
    final Time time;
    final boolean strict;
    private final String prefix;
    private final List<Violation> violations;

    Reading(JsonParser parser, Time time, boolean strict) {
        this(parser, time, strict, "", new ArrayList<>(0));
    }

    private Reading(JsonParser parser, Time time, boolean strict, String prefix, List<Violation> violations) {
        this.prefix = prefix;
        this.violations = violations;
        this.parser = parser;
        this.time = time;
        this.strict = strict;
    }

    /** The same reading where the value at {@code pointer} comes from another parser. */
    Reading on(JsonParser other, String pointer) {
        return new Reading(other, time, strict, pointer, violations);
    }

    List<Violation> violations() {
        return violations;
    }

    void report(Violation violation) {
        if (violations.size() < MOST_VIOLATIONS) {
            violations.add(violation);
        }
    }

    /** The place of the current value. */
    String pointer() {
        return prefix + parser.streamReadContext().pathAsPointer();
    }

    /** The place of that name in the current value, which is an object that has just ended. */
    String pointer(String name) {
        return prefix + parser.streamReadContext().pathAsPointer().appendProperty(name);
    }

    /** Reports that the current value is of another type, and skips it. */
    Object wrongType(String expected) {
        return fail("WRONG_TYPE", expected, actual());
    }

    /** Reports what is wrong with the current value, and skips it. */
    Object fail(String code, String expected, String actual) {
        report(new Violation(pointer(), code, "must be " + expected, expected, actual));
        parser.skipChildren();
        return Mark.FAILED;
    }

    /** The current value as a violation shows it. */
    String actual() {
        return switch (parser.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "\"" + parser.getString() + "\"";
            default -> parser.getString();
        };
    }
}
