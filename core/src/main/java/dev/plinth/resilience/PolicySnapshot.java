package dev.plinth.resilience;

import java.util.Map;

/**
 * Where one policy stood at a moment: what {@code /resilience} of the admin listener shows.
 *
 * @param policy which of the policies, such as {@code breaker}
 * @param name what it protects
 * @param state its state in a word: {@code CLOSED}, {@code FULL}, {@code OK}
 * @param figures counts and limits by name, in a stable order
 */
public record PolicySnapshot(String policy, String name, String state, Map<String, Object> figures) {}
