package dev.plinth.testkit;

import dev.plinth.discovery.MemoryRegistry;
import dev.plinth.discovery.Registry;
import dev.plinth.time.Time;
import java.time.Duration;

class MemoryRegistryTest extends RegistryConformance {
    private static final MemoryRegistry REGISTRY = new MemoryRegistry(Time.system());

    @Override
    protected Registry open() {
        return REGISTRY;
    }

    @Override
    protected Duration leaseSlack() {
        return Duration.ofMillis(700);
    }
}
