package dev.plinth.openapi;

import dev.plinth.error.Violation;
import dev.plinth.schema.BoundedText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is found while one value is judged. Bounded: a hundred violations, a million steps. One thread at a time. */
final class Verdict {
    private static final int MOST = 100;
    private static final int MOST_STEPS = 1_000_000;

    /** Which way the value goes: what is read-only is not sent, what is write-only is not answered. */
    enum Way {
        REQUEST,
        RESPONSE
    }

    /** Where in the value, from the end to the root, so that nothing is written out for what is right. */
    record Place(@Nullable Place parent, String name) {
        Place at(String below) {
            return new Place(this, below);
        }

        @Override
        public String toString() {
            var names = new ArrayList<String>();
            for (var at = this; at.parent != null; at = at.parent) {
                names.add(at.name);
            }
            var text = new StringBuilder();
            for (Place at = this; at != null; at = at.parent) {
                if (at.parent == null) {
                    text.insert(0, at.name);
                }
            }
            for (var name : names.reversed()) {
                text.append('/').append(Pointer.escaped(name));
            }
            return text.toString();
        }
    }

    /** The steps of all judgements that belong to one value. */
    private static final class Steps {
        int taken;
    }

    final Way way;
    private final Steps steps;
    private final List<Violation> violations = new ArrayList<>(0);

    Verdict(Way way) {
        this(way, new Steps());
    }

    private Verdict(Way way, Steps steps) {
        this.way = way;
        this.steps = steps;
    }

    /** One of its own on the same account. */
    Verdict apart() {
        return new Verdict(way, steps);
    }

    /** Whether there is more to be done; where the account is used up it is refused. */
    boolean step(Place place) {
        if (++steps.taken <= MOST_STEPS) {
            return true;
        }
        if (violations.isEmpty()) {
            fail(place, "LIMIT_EXCEEDED", "takes more than " + MOST_STEPS + " steps to judge", "", "");
        }
        return false;
    }

    /** Whether the expression is found in the text; one that takes too many looks is not, and looks count as steps. */
    boolean finds(Pattern pattern, String text) {
        var bounded = new BoundedText(text);
        try {
            return pattern.matcher(bounded).find();
        } catch (BoundedText.TooManyLooks | StackOverflowError endless) {
            return false;
        } finally {
            steps.taken += bounded.looks() / 16;
        }
    }

    void fail(Place place, String code, String expected, @Nullable Object actual) {
        fail(place, code, "must be " + expected, expected, actual);
    }

    void fail(Place place, String code, String message, String expected, @Nullable Object actual) {
        if (violations.size() < MOST) {
            violations.add(new Violation(place.toString(), code, message, expected, shown(actual)));
        }
    }

    void addAll(Verdict other) {
        for (var each : other.violations) {
            if (violations.size() < MOST) {
                violations.add(each);
            }
        }
    }

    boolean isRight() {
        return violations.isEmpty();
    }

    List<Violation> violations() {
        return violations;
    }

    static String shown(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case java.util.Map<?, ?> _ -> "an object";
            case List<?> list -> "a list of " + list.size();
            default -> value.toString();
        };
    }
}
