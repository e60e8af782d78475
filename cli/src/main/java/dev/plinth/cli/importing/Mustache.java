package dev.plinth.cli.importing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes the Mustache out of a text: values become placeholders, and whole lines that are there on a condition stay, with the
 * condition noted. pip-services reads its files as such templates.
 *
 * @param text the same lines without tags
 * @param conditional the lines that are there on a condition
 */
record Mustache(String text, List<Conditional> conditional) {
    private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";
    private static final String TAG = "\\{\\{\\s*[#^/][^{}]*\\}\\}";
    private static final Pattern ONLY_TAGS = Pattern.compile("\\s*(" + TAG + "\\s*)+");
    private static final Pattern EACH_TAG = Pattern.compile("\\{\\{\\s*([#^/])\\s*([^{}]*?)\\s*\\}\\}");
    private static final Pattern VALUE = Pattern.compile(
            // The value itself, alone or between the tags that ask whether it is there,
            "(?:\\{\\{\\s*#\\s*(?:if\\s+)?(?<asked>" + NAME + ")\\s*\\}\\})?"
                    + "\\{\\{\\{?\\s*(?<name>" + NAME + ")\\s*\\}?\\}\\}"
                    + "(?:\\{\\{/[^{}]*\\}\\})?"
                    // and what stands there if it isn't.
                    + "(?:\\{\\{\\s*(?:#\\s*\\^|\\^|#\\s*unless\\s)\\s*(?:if\\s+)?\\k<name>\\s*\\}\\}"
                    + "(?<default>[^{}]*)\\{\\{\\s*/[^{}]*\\}\\})?");

    /**
     * Lines that are there on a condition.
     *
     * @param from the first, from 1
     * @param to the last
     * @param tag as the original has it, with its braces
     */
    record Conditional(int from, int to, String tag) {}

    static Mustache of(String original, Placeholders placeholders) {
        var lines = original.split("\n", -1);
        var conditional = new ArrayList<Conditional>();
        var open = new ArrayDeque<Conditional>();
        for (int i = 0; i < lines.length; i++) {
            if (ONLY_TAGS.matcher(lines[i]).matches()) {
                tags(lines[i], i + 1, open, conditional);
                lines[i] = "";
            } else {
                lines[i] = values(lines[i], i + 1, placeholders);
            }
        }
        if (!open.isEmpty()) {
            throw new Refused(
                    "the tag " + open.peek().tag() + " in line " + (open.peek().from() - 1) + " is never closed");
        }
        return new Mustache(String.join("\n", lines), List.copyOf(conditional));
    }

    /** The tags on which a line depends, the outermost first; empty if it is always there. */
    String condition(int line) {
        var tags = new StringBuilder();
        for (var each : conditional.reversed()) {
            if (line >= each.from() && line <= each.to()) {
                tags.append(each.tag());
            }
        }
        return tags.toString();
    }

    private static void tags(String line, int number, ArrayDeque<Conditional> open, List<Conditional> conditional) {
        for (var tag = EACH_TAG.matcher(line); tag.find(); ) {
            if (!tag.group(1).equals("/")) {
                open.push(new Conditional(number + 1, 0, tag.group()));
            } else if (open.isEmpty()) {
                throw new Refused("the tag " + tag.group() + " in line " + number + " closes nothing");
            } else {
                var opened = open.pop();
                conditional.add(new Conditional(opened.from(), number - 1, opened.tag()));
            }
        }
    }

    private static String values(String line, int number, Placeholders placeholders) {
        int comment = line.strip().startsWith("#") ? 0 : line.length();
        var filled = new StringBuilder();
        Matcher value = VALUE.matcher(line);
        while (value.find()) {
            var name = value.group("name");
            var otherwise = value.group("default");
            var text = otherwise == null ? "" : unquoted(otherwise.strip());
            value.appendReplacement(
                    filled,
                    Matcher.quoteReplacement(
                            comment == 0
                                    ? "${" + name + (otherwise == null ? "" : ":" + text) + "}"
                                    : placeholders.mark(otherwise == null ? name : name + ":" + text, text)));
        }
        var done = value.appendTail(filled).toString();
        if (comment > 0 && done.contains("{{")) {
            throw new Refused("the tag in line " + number
                    + " has no counterpart (expected: {{NAME}}, {{NAME}}{{^NAME}}default{{/NAME}}, or lines of nothing but"
                    + " {{#if NAME}} and {{/if}})");
        }
        return done;
    }

    private static String unquoted(String text) {
        boolean twice = text.startsWith("\"") && text.endsWith("\"");
        boolean once = text.startsWith("'") && text.endsWith("'");
        boolean quoted = text.length() > 1 && (twice || once);
        return quoted ? text.substring(1, text.length() - 1) : text;
    }
}
