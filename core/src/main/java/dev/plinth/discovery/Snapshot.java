package dev.plinth.discovery;

import jakarta.validation.constraints.NotNull;
import java.util.Comparator;
import java.util.List;

/**
 * The instances of one service at one moment. Immutable.
 *
 * @param instances those that are alive, in the order of their ids
 * @param version names this state to the registry that gave it; empty where that one compares the instances themselves
 */
public record Snapshot(@NotNull List<Instance> instances, @NotNull String version) {
    public Snapshot {
        instances =
                instances.stream().sorted(Comparator.comparing(Instance::id)).toList();
    }
}
