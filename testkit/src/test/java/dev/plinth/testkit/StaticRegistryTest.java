package dev.plinth.testkit;

import dev.plinth.discovery.Instance;
import dev.plinth.discovery.Registry;
import dev.plinth.discovery.Snapshot;
import dev.plinth.discovery.StaticRegistry;
import dev.plinth.time.Time;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A list does not change, so a change of the configuration is a new list behind the same handle. */
class StaticRegistryTest extends RegistryConformance {
    private final Map<String, List<URI>> written = new TreeMap<>();
    private volatile Registry list = new StaticRegistry(Map.of(), Time.system());

    @Override
    protected Registry open() {
        return new Registry() {
            @Override
            public String describe() {
                return list.describe();
            }

            @Override
            public boolean takesAnnouncements() {
                return list.takesAnnouncements();
            }

            @Override
            public void announce(Instance instance, Duration lease) {
                list.announce(instance, lease);
            }

            @Override
            public void withdraw(Instance instance) {
                list.withdraw(instance);
            }

            @Override
            public Snapshot look(String service) {
                return list.look(service);
            }

            @Override
            public Optional<Snapshot> await(String service, Snapshot known, Duration most) throws InterruptedException {
                long end = System.nanoTime() + most.toNanos();
                while (System.nanoTime() < end) {
                    var now = list.look(service);
                    if (!now.instances().equals(known.instances())) {
                        return Optional.of(now);
                    }
                    list.await(service, known, Duration.ofMillis(20));
                }
                return Optional.empty();
            }

            @Override
            public Set<String> services() {
                return list.services();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    protected synchronized void place(Registry registry, Instance instance) {
        var uris = written.computeIfAbsent(instance.service(), _ -> new ArrayList<>());
        if (!uris.contains(instance.uri())) {
            uris.add(instance.uri());
        }
        list = new StaticRegistry(written, Time.system());
    }

    @Override
    protected synchronized void remove(Registry registry, Instance instance) {
        var uris = written.getOrDefault(instance.service(), new ArrayList<>());
        uris.remove(instance.uri());
        if (uris.isEmpty()) {
            written.remove(instance.service());
        }
        list = new StaticRegistry(written, Time.system());
    }

    @Override
    protected Instance kept(Instance instance) {
        return Instance.of(
                instance.service(), instance.host() + "-" + instance.port(), instance.host(), instance.port());
    }
}
