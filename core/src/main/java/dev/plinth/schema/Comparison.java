package dev.plinth.schema;

/** How two values are compared. Numbers of all classes are compared by what they are worth. */
public enum Comparison {
    /** They are the same. */
    EQUAL("="),
    /** They differ. */
    NOT_EQUAL("!="),
    /** The first is less, or earlier. */
    LESS("<"),
    /** The first is not more, or not later. */
    AT_MOST("<="),
    /** The first is more, or later. */
    MORE(">"),
    /** The first is not less, or not earlier. */
    AT_LEAST(">="),
    /** The text of the first matches the second, a regular expression, from end to end. */
    LIKE("like");

    private final String sign;

    Comparison(String sign) {
        this.sign = sign;
    }

    /** As in a formula: {@code <=}. */
    public String sign() {
        return sign;
    }

    boolean holds(int order) {
        return switch (this) {
            case EQUAL, LIKE -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case AT_MOST -> order <= 0;
            case MORE -> order > 0;
            case AT_LEAST -> order >= 0;
        };
    }
}
