package dev.plinth.schema;

import org.jspecify.annotations.Nullable;

/**
 * A key that a record had before. Immutable.
 *
 * @param key in kebab-case
 * @param now the component that has taken its place; null if the key was removed
 * @param reason why it was removed, and what to do; empty if it was renamed
 * @param since the version in which that happened; empty if it isn't told
 */
public record FormerKey(String key, @Nullable Property now, String reason, String since) {}
