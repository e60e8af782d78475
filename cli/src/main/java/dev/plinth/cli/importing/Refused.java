package dev.plinth.cli.importing;

/** The file can't be imported; the message is for the person at the keyboard and names what was looked for. */
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
        super(message);
    }

    /** What is wrong, and what to do. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
