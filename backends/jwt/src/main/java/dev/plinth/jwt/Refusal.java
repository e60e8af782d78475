package dev.plinth.jwt;

import org.jspecify.annotations.Nullable;

/** Why a token does not hold, for the log. Without a stack trace: whoever sends tokens would have it made. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    Refusal(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    /** What a token says, short and without what would be another line of the log. */
    static String shown(@Nullable Object value) {
        var text = String.valueOf(value).replaceAll("\\p{Cntrl}", "?");
        return "'" + (text.length() > 100 ? text.substring(0, 100) + "…" : text) + "'";
    }
}
