package dev.plinth.config;

import java.util.List;

/**
 * Where the value of one key comes from. Secrets are {@code ***} in it, and so are passwords in addresses. Immutable.
 *
 * @param key dotted
 * @param value the value that holds, as text; empty if there is none
 * @param origin where it was written; empty if there is none
 * @param why why that place wins
 * @param candidates every place that has a value, the weakest first; the last one wins
 */
public record Explanation(String key, String value, String origin, String why, List<Candidate> candidates) {
    /**
     * One place that has a value for the key.
     *
     * @param origin where it was written
     * @param value as text
     */
    public record Candidate(String origin, String value) {}

    public Explanation {
        candidates = List.copyOf(candidates);
    }

    /** The same, of a key for which {@code running} holds until the next start; empty for no value. */
    Explanation until(String running) {
        var holds = running.isEmpty() ? "no value" : running;
        return new Explanation(key, value, origin, why + "; after a restart: until then " + holds, candidates);
    }

    /** Lines for a person: the value that holds, then each place in turn. */
    @Override
    public String toString() {
        if (candidates.isEmpty()) {
            int more = why.indexOf(';');
            return key + " is not set" + (more < 0 ? "" : why.substring(more));
        }
        int width = 0;
        for (var candidate : candidates) {
            width = Math.max(width, candidate.origin().length());
        }
        var text = new StringBuilder(key).append(" = ").append(value);
        for (int i = 0; i < candidates.size(); i++) {
            var candidate = candidates.get(i);
            boolean wins = i == candidates.size() - 1;
            text.append(wins ? "\n> " : "\n  ").append(candidate.origin());
            text.repeat(' ', width - candidate.origin().length() + 2).append(candidate.value());
            if (wins) {
                text.append("  (").append(why).append(')');
            }
        }
        return text.toString();
    }
}
