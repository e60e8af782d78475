package dev.plinth.cli;

import java.util.Locale;
import java.util.TreeSet;
import javax.lang.model.SourceVersion;
import org.jspecify.annotations.Nullable;

/**
 * A service's name: a DNS label of lower-case letters, digits and single hyphens, since hosts, registries, metrics and
 * artifacts carry it. Immutable.
 */
record ServiceName(String text) {
    private static final int LONGEST = 63;

    /** @throws Failure with {@link Failure#USAGE} that gives the reason, and a good name where one is near */
    ServiceName {
        var reason = whatIsWrong(text);
        if (reason != null) {
            throw Failure.usage("'" + text + "' is not a service name: " + reason
                    + " (expected: lower-case letters, digits and single hyphens, beginning with a letter, at most "
                    + LONGEST + ")." + suggestion(text));
        }
    }

    /** The Java package of that name: hyphens are dropped, and what Java keeps for itself gets {@code service} behind it. */
    String packageName() {
        var joined = text.replace("-", "");
        return isUsablePackage(joined) ? joined : joined + "service";
    }

    /** Whether classes can live there: a qualified name without keywords and outside {@code java}. */
    static boolean isUsablePackage(String name) {
        return SourceVersion.isName(name) && !name.equals("java") && !name.startsWith("java.");
    }

    private static @Nullable String whatIsWrong(String text) {
        if (text.isEmpty()) {
            return "it is empty";
        }
        var strangers = new TreeSet<String>();
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (!isLetter(c) && !(c >= '0' && c <= '9') && c != '-') {
                strangers.add("'" + c + "'");
            }
        }
        if (!strangers.isEmpty()) {
            return "it has " + String.join(", ", strangers);
        }
        if (!isLetter(text.charAt(0))) {
            return "it begins with '" + text.charAt(0) + "'";
        }
        if (text.endsWith("-") || text.contains("--")) {
            return "it has a hyphen with nothing behind it";
        }
        return text.length() > LONGEST ? "it has " + text.length() + " characters" : null;
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static String suggestion(String text) {
        var near = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^[0-9-]+|-+$", "");
        return near.isEmpty() || whatIsWrong(near) != null ? "" : " Try " + near + ".";
    }
}
