package dev.plinth.openapi;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * An expression of ECMA-262, which JSON Schema writes, as one of Java that matches the same. What has no counterpart is
 * refused, and what Java alone knows too.
 */
final class EcmaPattern {
    private static final String SPACE = "\\t\\n\\x0B\\f\\r \\u00a0\\ufeff\\u2028\\u2029\\p{Zs}";

    private final String ecma;
    private final StringBuilder java = new StringBuilder();
    private int at;

    private EcmaPattern(String ecma) {
        this.ecma = ecma;
    }

    /** @throws IllegalArgumentException with what is wrong, for a person */
    static Pattern of(String ecma) {
        var translation = new EcmaPattern(ecma);
        translation.translate();
        try {
            return Pattern.compile(translation.java.toString());
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("this is no regular expression of ECMA-262: " + e.getDescription());
        } catch (StackOverflowError deep) {
            throw new IllegalArgumentException("this regular expression is nested too deeply");
        }
    }

    private void translate() {
        while (at < ecma.length()) {
            char c = ecma.charAt(at++);
            switch (c) {
                case '\\' -> escape(false);
                case '[' -> set();
                case '$' -> java.append("\\z");
                case '.' -> java.append("[^\\n\\r\\u2028\\u2029]");
                case '{' -> java.append(isQuantifier() ? "{" : "\\{");
                case '}' -> java.append(endsQuantifier() ? "}" : "\\}");
                case ']' -> java.append("\\]");
                case '+' -> {
                    if (at > 1 && isQuantified(at - 2)) {
                        throw new IllegalArgumentException("'" + ecma.charAt(at - 2) + "+' is not of ECMA-262");
                    }
                    java.append(c);
                }
                case '(' -> {
                    if (ecma.startsWith("?", at) && !ecma.substring(at).matches("(?s)\\?(:|=|!|<=|<!|<[A-Za-z_$]).*")) {
                        throw new IllegalArgumentException("'(" + ecma.substring(at, Math.min(ecma.length(), at + 3))
                                + "' is not of ECMA-262 (expected: (, (?:, (?=, (?!, (?<=, (?<! or (?<name>)");
                    }
                    java.append(c);
                }
                default -> java.append(c);
            }
        }
    }

    private boolean isQuantifier() {
        return ecma.substring(at).matches("(?s)[0-9]+(,[0-9]*)?\\}.*");
    }

    private boolean endsQuantifier() {
        return ecma.substring(0, at).matches("(?s).*\\{[0-9]+(,[0-9]*)?\\}");
    }

    private boolean isQuantified(int index) {
        char before = ecma.charAt(index);
        return "+*?}".indexOf(before) >= 0
                && (index == 0 || ecma.charAt(index - 1) != '\\')
                && (before != '}' || ecma.substring(0, index + 1).matches("(?s).*\\{[0-9]+(,[0-9]*)?\\}"))
                && !(before == '?' && index > 0 && ecma.charAt(index - 1) == '(');
    }

    private void set() {
        if (ecma.startsWith("^]", at)) {
            java.append("[\\s\\S]");
            at += 2;
            return;
        }
        if (ecma.startsWith("]", at)) {
            java.append("(?!)");
            at++;
            return;
        }
        java.append('[');
        if (ecma.startsWith("^", at)) {
            java.append('^');
            at++;
        }
        while (true) {
            if (at >= ecma.length()) {
                throw new IllegalArgumentException("this is no regular expression of ECMA-262: a ']' is missing");
            }
            char c = ecma.charAt(at++);
            switch (c) {
                case ']' -> {
                    java.append(']');
                    return;
                }
                case '\\' -> escape(true);
                case '[', '&', '^', '~' -> java.append('\\').append(c);
                default -> java.append(c);
            }
        }
    }

    private void escape(boolean inSet) {
        if (at >= ecma.length()) {
            throw new IllegalArgumentException("this is no regular expression of ECMA-262: a lone \\ at its end");
        }
        char c = ecma.charAt(at++);
        switch (c) {
            case 's' -> java.append(inSet ? SPACE : "[" + SPACE + "]");
            case 'S' -> java.append("[^" + SPACE + "]");
            case 'v' -> java.append("\\x0B");
            case 'b' -> java.append(inSet ? "\\x08" : "\\b");
            case '0' -> java.append("\\x00");
            case 'u' -> {
                if (ecma.startsWith("{", at)) {
                    int end = ecma.indexOf('}', at);
                    if (end < 0) {
                        throw new IllegalArgumentException(
                                "this is no regular expression of ECMA-262: a '}' is missing");
                    }
                    java.append("\\x").append(ecma, at, end + 1);
                    at = end + 1;
                } else {
                    java.append("\\u");
                }
            }
            case 'p', 'P' -> {
                int end = ecma.startsWith("{", at) ? ecma.indexOf('}', at) + 1 : at;
                java.append('\\').append(c).append(ecma, at, Math.max(at, end));
                at = Math.max(at, end);
            }
            case 'd', 'D', 'w', 'W', 'B', 'f', 'n', 'r', 't', 'c', 'x', 'k' ->
                java.append('\\').append(c);
            default -> {
                if (Character.isLetter(c)) {
                    throw new IllegalArgumentException("'\\" + c + "' is not of ECMA-262");
                }
                java.append('\\').append(c);
            }
        }
    }
}
