package dev.plinth.discovery;

import dev.plinth.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** No registry: nobody is known, and nobody is told of this instance. Clients are given their addresses. */
final class NoRegistry implements Registry {
    private static final Snapshot NOBODY = new Snapshot(List.of(), "");

    private final Time time;

    NoRegistry(Time time) {
        this.time = time;
    }

    @Override
    public String describe() {
        return "no registry (discovery.backend: none)";
    }

    @Override
    public boolean takesAnnouncements() {
        return false;
    }

    @Override
    public void announce(Instance instance, Duration lease) {}

    @Override
    public void withdraw(Instance instance) {}

    @Override
    public Snapshot look(String service) {
        return NOBODY;
    }

    @Override
    public Optional<Snapshot> await(String service, Snapshot known, Duration most) throws InterruptedException {
        time.sleep(most);
        return Optional.empty();
    }

    @Override
    public Set<String> services() {
        return Set.of();
    }

    @Override
    public void close() {}
}
