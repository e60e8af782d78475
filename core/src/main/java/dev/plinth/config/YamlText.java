package dev.plinth.config;

import java.util.List;

/**
 * Reads a YAML 1.2 or JSON text that is no configuration into a tree that keeps every place.
 *
 * <p>Nothing is typed and no tag makes an object. Bounded: 32 MiB, 100 levels, and aliases that stand for 100,000 values
 * together.
 */
public final class YamlText {
    /** The most bytes that are read. */
    public static final int MAX_BYTES = 32 << 20;

    private static final Yaml.Limits LIMITS = new Yaml.Limits(MAX_BYTES, 100, 100_000, false);

    private YamlText() {}

    /**
     * Reads one document.
     *
     * @param origin in the place of each value and problem
     * @throws ConfigException with what is wrong and where
     */
    public static Node read(byte[] bytes, Origin origin) {
        var problems = new Problems();
        if (bytes.length > MAX_BYTES) {
            problems.add("", "this is larger than " + (MAX_BYTES >> 20) + " MiB", origin);
        } else {
            var text = SourceText.of(bytes, origin, problems);
            var root = text == null ? null : Yaml.document(text, origin, LIMITS, problems);
            if (root != null) {
                return root;
            }
        }
        throw new ConfigException(problems.sorted(List.of(origin.name())));
    }
}
