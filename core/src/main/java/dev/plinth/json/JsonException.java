package dev.plinth.json;

import dev.plinth.error.Violation;
import java.util.List;

/**
 * A document that is not what was asked for. It names everything that is wrong with it at once, up to 100 things, each
 * with its JSON Pointer.
 *
 * <p>The codes are those of the {@linkplain dev.plinth.schema.Rule rules} that were broken, and:
 *
 * <table>
 * <caption>Codes of the reader</caption>
 * <tr><td>{@code MALFORMED_JSON}</td><td>it is not JSON in UTF-8; the message has line and column, and it is the only
 *     violation</td></tr>
 * <tr><td>{@code LIMIT_EXCEEDED}</td><td>it is deeper, or has a longer text, name or number than is read; the only
 *     violation</td></tr>
 * <tr><td>{@code REQUIRED}</td><td>a value is missing that has no null, or the document is empty or null</td></tr>
 * <tr><td>{@code WRONG_TYPE}</td><td>a value of another JSON type</td></tr>
 * <tr><td>{@code OUT_OF_RANGE}</td><td>a number that the type can't hold</td></tr>
 * <tr><td>{@code WRONG_FORMAT}</td><td>a text that is not of the form that the type has: a date, a URI, a
 *     UUID</td></tr>
 * <tr><td>{@code UNKNOWN_VALUE}</td><td>a text that is no constant of the enum</td></tr>
 * <tr><td>{@code DUPLICATE_KEY}</td><td>the same name twice in one object</td></tr>
 * <tr><td>{@code DUPLICATE_ITEM}</td><td>the same item twice in a set</td></tr>
 * <tr><td>{@code UNKNOWN_KEY}</td><td>a name that the record does not have, where that is refused</td></tr>
 * <tr><td>{@code INVALID}</td><td>the record's compact constructor refused the values; the message is its
 *     own</td></tr>
 * </table>
 */
public final class JsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    JsonException(List<Violation> violations) {
        super(message(violations));
        this.violations = List.copyOf(violations);
    }

    private static String message(List<Violation> violations) {
        var text = new StringBuilder();
        for (var violation : violations) {
            text.append(text.isEmpty() ? "" : "; ")
                    .append(violation.pointer().isEmpty() ? "the document" : violation.pointer())
                    .append(' ')
                    .append(violation.message());
            if (!violation.actual().isEmpty()) {
                text.append(" (was: ").append(violation.actual()).append(')');
            }
        }
        return text.toString();
    }

    /** What is wrong, in the order in which the reader met it; never empty. */
    public List<Violation> violations() {
        return violations;
    }
}
