package dev.plinth.cli.importing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.lang.model.SourceVersion;

/** Turns the keys of older systems into those of records: {@code SECRET_KEY} is {@code secretKey} and {@code secret-key}. */
final class Names {
    private static final Set<String> SECRET =
            Set.of("password", "passwd", "pass", "pwd", "secret", "token", "credential", "credentials");
    private static final Set<String> SECRET_BEFORE_KEY =
            Set.of("api", "access", "private", "secret", "account", "auth");
    private static final String ENCRYPTED = "enc_";

    private Names() {}

    /** The key below {@code settings}; an encrypted one stays one. */
    static String key(String name) {
        return (isEncrypted(name) ? ENCRYPTED : "") + String.join("-", words(name));
    }

    /** The component of a record, such as {@code secretKey}; it is in {@link #key} without {@code enc_}. */
    static String component(String name) {
        var component = new StringBuilder();
        for (var word : words(name)) {
            component.append(component.isEmpty() ? word : capitalised(word));
        }
        return component.toString();
    }

    /** The name of a record for what stands below a name. */
    static String type(String name) {
        return capitalised(component(name));
    }

    /** Whether a record can have a component for it. */
    static boolean fits(String name) {
        for (int at = 0; at < name.length(); at++) {
            char c = name.charAt(at);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
            if (!letter && (c < '0' || c > '9' || at == 0)) {
                return false;
            }
        }
        var component = component(name);
        return SourceVersion.isName(component)
                && !Set.of("clone", "finalize", "notify", "wait").contains(component)
                && !component.equals("hashCode")
                && !component.equals("toString")
                && !component.equals("getClass")
                && !component.equals("notifyAll");
    }

    static boolean isEncrypted(String name) {
        return name.regionMatches(true, 0, ENCRYPTED, 0, ENCRYPTED.length()) && name.length() > ENCRYPTED.length();
    }

    /** Whether a key says that its value is nothing to show around. */
    static boolean isSecret(String name) {
        var words = words(name);
        for (int i = 0; i < words.size(); i++) {
            var word = words.get(i);
            if (SECRET.contains(word)
                    || (i > 0 && word.equals("key") && SECRET_BEFORE_KEY.contains(words.get(i - 1)))) {
                return true;
            }
        }
        return isEncrypted(name);
    }

    /** The words in lower case; such that joined either way they give a component and the key that belongs to it. */
    private static List<String> words(String name) {
        var bare = isEncrypted(name) ? name.substring(ENCRYPTED.length()) : name;
        var words = new ArrayList<String>();
        for (var part : bare.split("[^A-Za-z0-9]+", -1)) {
            for (var word : part.split("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", -1)) {
                var lower = word.toLowerCase(Locale.ROOT);
                boolean joins = !words.isEmpty()
                        && !lower.isEmpty()
                        && (Character.isDigit(lower.charAt(0))
                                || (lower.length() == 1 && words.getLast().length() == 1 && words.size() > 1));
                if (joins) {
                    words.add(words.removeLast() + lower);
                } else if (!lower.isEmpty()) {
                    words.add(lower);
                }
            }
        }
        return words;
    }

    private static String capitalised(String word) {
        return word.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
