package dev.plinth.config;

import java.util.List;

/**
 * What a reload has done. Keys are dotted and in the order of the records. Immutable.
 *
 * @param changed the values that are new, each a {@link dev.plinth.schema.Live}
 * @param refused those of {@code changed} of which a watcher threw when it was told: the value is new all the same, and
 *     the log has the reason
 * @param needsRestart what the sources say otherwise than the service runs with, and only its next start will take;
 *     also where an earlier reload found it already
 */
public record Reloaded(List<String> changed, List<String> refused, List<String> needsRestart) {
    public Reloaded {
        changed = List.copyOf(changed);
        refused = List.copyOf(refused);
        needsRestart = List.copyOf(needsRestart);
    }

    /** Whether the sources say what the service runs with, now and before. */
    public boolean isNothing() {
        return changed.isEmpty() && needsRestart.isEmpty();
    }

    /** For people: {@code changed log.level; needs a restart: http.port}. */
    @Override
    public String toString() {
        if (isNothing()) {
            return "nothing is different";
        }
        var text = new StringBuilder(changed.isEmpty() ? "nothing changed" : "changed " + String.join(", ", changed));
        if (!refused.isEmpty()) {
            text.append("; refused by its user: ").append(String.join(", ", refused));
        }
        if (!needsRestart.isEmpty()) {
            text.append("; needs a restart: ").append(String.join(", ", needsRestart));
        }
        return text.toString();
    }
}
