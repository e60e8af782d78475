package dev.plinth.openapi;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON Pointers (RFC 6901) and their form behind the {@code #} of a URI. */
final class Pointer {
    private Pointer() {}

    static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** The names in a fragment such as {@code /paths/~1pets%7Bid%7D}; null if it is no pointer. */
    static @Nullable List<String> names(String fragment) {
        if (fragment.isEmpty()) {
            return List.of();
        }
        if (!fragment.startsWith("/")) {
            return null;
        }
        var names = new ArrayList<String>();
        for (var part : fragment.substring(1).split("/", -1)) {
            try {
                names.add(decoded(part).replace("~1", "/").replace("~0", "~"));
            } catch (IllegalArgumentException malformed) {
                return null;
            }
        }
        return names;
    }

    /** What percents stand for; a plus is a plus. */
    static String decoded(String text) {
        return text.indexOf('%') < 0 ? text : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    static String of(List<String> names) {
        var text = new StringBuilder();
        for (var name : names) {
            text.append('/').append(escaped(name));
        }
        return text.toString();
    }
}
