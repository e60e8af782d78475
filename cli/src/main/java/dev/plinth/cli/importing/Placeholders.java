package dev.plinth.cli.importing;

import java.util.ArrayList;
import java.util.List;

/**
 * The {@code ${...}} that the import itself makes. In texts each stands as a mark of two private characters, so that no
 * parser trips over it, and so that a dollar and a brace of the original stay apart: they are only text and get escaped.
 */
final class Placeholders {
    private static final char BEGIN = '\uE000';
    private static final char END = '\uE001';

    private final List<Placeholder> all = new ArrayList<>();

    /**
     * One of them.
     *
     * @param inside what stands between the braces
     * @param sample the text that it stands for where it is known, to tell the type by; else empty
     */
    record Placeholder(String inside, String sample) {}

    /** The mark for {@code ${inside}}. */
    String mark(String inside, String sample) {
        all.add(new Placeholder(inside, sample));
        return BEGIN + Integer.toString(all.size() - 1) + END;
    }

    static boolean isIn(String text) {
        return text.indexOf(BEGIN) >= 0 || text.indexOf(END) >= 0;
    }

    /** The text as {@code service.yaml} has it: every mark filled in, every other dollar before a brace escaped. */
    String written(String text) {
        return filled(text.replace("${", "$${"), true);
    }

    /** The text with the samples in it. */
    String sample(String text) {
        return filled(text, false);
    }

    private String filled(String text, boolean inside) {
        var filled = new StringBuilder();
        int done = 0;
        for (int begin = text.indexOf(BEGIN); begin >= 0; begin = text.indexOf(BEGIN, done)) {
            int end = text.indexOf(END, begin);
            var each = all.get(Integer.parseInt(text.substring(begin + 1, end)));
            filled.append(text, done, begin).append(inside ? "${" + each.inside() + "}" : each.sample());
            done = end + 1;
        }
        return filled.append(text, done, text.length()).toString();
    }
}
