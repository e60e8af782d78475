package dev.plinth.schema;

/**
 * A text of a stranger that counts how often an expression looks at it. Some expressions, {@code (a+)+b}, take time by the
 * power of the length for a text that almost matches; no text that is right needs a million looks.
 */
public final class BoundedText implements CharSequence {
    private static final int MOST_LOOKS = 1_000_000;

    /** Without a stack: it is caught where it was begun. */
    public static final class TooManyLooks extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private TooManyLooks() {
            super("the expression looked at the text too often", null, false, false);
        }
    }

    private final String text;
    private int looks;

    /** Nothing has looked at it yet. */
    public BoundedText(String text) {
        this.text = text;
    }

    /** How often it was looked at, so that a caller can hold many texts to one account. */
    public int looks() {
        return looks;
    }

    @Override
    public char charAt(int index) {
        if (++looks > MOST_LOOKS) {
            throw new TooManyLooks();
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
