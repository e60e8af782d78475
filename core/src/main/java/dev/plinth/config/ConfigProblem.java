package dev.plinth.config;

/**
 * One thing that is wrong with the configuration.
 *
 * <p>Its text is one line: {@code http.prot: unknown key (did you mean http.port?) [service.yaml:3:3]}. Immutable.
 *
 * @param key the key, dotted, or the name of the variable; empty where a whole file is meant
 * @param message what is wrong, what would be right, what to do; never holds a secret
 * @param origin where it was written; a default where nobody wrote it
 */
public record ConfigProblem(String key, String message, Origin origin) {
    @Override
    public String toString() {
        var text = key.isEmpty() ? message : key + ": " + message;
        var place = origin.toString();
        return origin.kind() == Origin.Kind.DEFAULT || place.equals(key) ? text : text + " [" + place + "]";
    }
}
