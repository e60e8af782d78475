package dev.plinth.cli;

import java.io.PrintStream;

/**
 * What the demo shows and checks, as a numbered text of chapters; counts what held and what did not. Colours only where
 * they are wanted.
 */
final class Tour {
    private final PrintStream out;
    private final boolean colours;
    private int chapters;
    private int passed;
    private int failed;

    Tour(PrintStream out, boolean colours) {
        this.out = out;
        this.colours = colours;
    }

    void chapter(String title) {
        out.println();
        out.println(inColour("1", ++chapters + "  " + title));
    }

    /** A sentence of the guide. */
    void say(String text) {
        out.println("   " + text);
    }

    /** What somebody would type to get the same. */
    void command(String text) {
        out.println("   " + inColour("36", "$ " + text));
    }

    /** What came back, line for line. */
    void answer(String text) {
        for (var line : text.strip().split("\n", -1)) {
            out.println("     " + line);
        }
    }

    /** Something that must hold; {@code found} is shown where it does not. */
    void check(String what, boolean holds, Object found) {
        if (holds) {
            passed++;
            out.println("   " + inColour("32", "ok") + "  " + what);
        } else {
            failed++;
            out.println("   " + inColour("31", "FAILED") + "  " + what + "; instead there was: " + found);
        }
    }

    /** How many checks did not hold. */
    int failed() {
        return failed;
    }

    /** Says how it went. */
    void summary() {
        out.println();
        out.println(
                failed == 0
                        ? inColour("32", "All " + passed + " checks passed.")
                        : inColour("31", failed + " of " + (passed + failed) + " checks FAILED, see above."));
        out.println();
    }

    /** A line as it is. */
    void line(String text) {
        out.println(text);
    }

    private String inColour(String code, String text) {
        return colours ? "\033[" + code + "m" + text + "\033[0m" : text;
    }
}
