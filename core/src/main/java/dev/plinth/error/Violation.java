package dev.plinth.error;

/**
 * One rule that one value broke.
 *
 * @param pointer where, as a JSON Pointer (RFC 6901) into what was sent: {@code /items/0/quantity}; empty for the whole
 * @param code a stable name for programs, {@code UPPER_SNAKE}: {@code NOT_BLANK}, {@code MAX}
 * @param message a sentence for people, without the value
 * @param expected what would have been right, such as {@code >= 1}; empty where that is all in the message
 * @param actual the value as text, cut at 100 characters; empty where none was sent, or it is a secret
 */
public record Violation(String pointer, String code, String message, String expected, String actual) {
    public Violation {
        if (actual.length() > 100) {
            // Not between the halves of a pair: half a character has no form in UTF-8.
            actual = actual.substring(0, Character.isHighSurrogate(actual.charAt(99)) ? 99 : 100) + "…";
        }
    }

    /** A violation of which the message says all. */
    public static Violation of(String pointer, String code, String message) {
        return new Violation(pointer, code, message, "", "");
    }
}
