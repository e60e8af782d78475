package dev.plinth.schema;

import java.util.Collection;
import java.util.Optional;

/** Finds the name that was probably meant by one that is not known. */
public final class DidYouMean {
    private DidYouMean() {}

    /**
     * The known name with the fewest typing mistakes (a letter added, left out, changed, or two swapped) between it and
     * {@code typo}, upper and lower case being the same; the first one where several are as near. Empty if all are more
     * than a third of the letters away.
     */
    public static Optional<String> nearest(String typo, Collection<String> known) {
        String best = null;
        var least = Math.max(1, typo.length() / 3) + 1;
        for (var name : known) {
            if (Math.abs(name.length() - typo.length()) < least) {
                var distance = distance(typo, name);
                if (distance < least) {
                    least = distance;
                    best = name;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /** Damerau's distance in its restricted form (optimal string alignment): no letter is edited twice. */
    private static int distance(String from, String to) {
        var beforeLast = new int[to.length() + 1];
        var last = new int[to.length() + 1];
        var current = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                var same = letter(from, i) == letter(to, j);
                var least = Math.min(Math.min(last[j], current[j - 1]) + 1, last[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && letter(from, i) == letter(to, j - 1) && letter(from, i - 1) == letter(to, j)) {
                    least = Math.min(least, beforeLast[j - 2] + 1);
                }
                current[j] = least;
            }
            var spare = beforeLast;
            beforeLast = last;
            last = current;
            current = spare;
        }
        return last[to.length()];
    }

    private static char letter(String text, int oneBased) {
        return Character.toLowerCase(text.charAt(oneBased - 1));
    }
}
