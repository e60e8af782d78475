package dev.plinth.discovery;

import dev.plinth.remote.RemoteException;
import dev.plinth.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds instances in the DNS, by addresses or by SRV records; of these the ones of the best priority, with their weights.
 *
 * <p>An answer is kept as long as its records say (the least of their times to live, one second to an hour), a name that does
 * not exist as long as RFC 2308 says, five seconds where nothing is said. The DNS can't list names, and nobody is announced
 * in it. Thread-safe.
 */
final class DnsRegistry implements Registry {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    private record Known(Snapshot snapshot, long untilNanos) {}

    private final DnsSettings settings;
    private final Duration timeout;
    private final Time time;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    DnsRegistry(DnsSettings settings, Duration timeout, Time time) {
        this.settings = settings;
        this.timeout = timeout;
        this.time = time;
    }

    @Override
    public String describe() {
        return "dns at " + (settings.servers().isEmpty() ? "/etc/resolv.conf" : String.join(", ", settings.servers()));
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
        var last = known.get(service);
        if (last != null && last.untilNanos - time.nanos() > 0) {
            return last.snapshot;
        }
        var name = settings.name().replace("{service}", Instance.requireName("service", service));
        var query = new DnsQuery(servers(), timeout, time);
        var now = settings.records() == DnsSettings.Kind.SRV
                ? srv(service, name, query)
                : addresses(service, name, query);
        known.put(service, now);
        return now.snapshot;
    }

    private List<String> servers() {
        if (!settings.servers().isEmpty()) {
            return settings.servers();
        }
        var servers = new ArrayList<String>();
        try {
            for (var line : Files.readAllLines(Path.of("/etc/resolv.conf"))) {
                var words = line.strip().split("\\s+", -1);
                if (words.length > 1 && words[0].equals("nameserver")) {
                    servers.add(words[1]);
                }
            }
        } catch (IOException unreadable) {
            throw new RemoteException(describe() + ": can't read it: " + unreadable.getMessage(), unreadable);
        }
        if (servers.isEmpty()) {
            throw new RemoteException(describe() + ": it names no nameserver. Set discovery.servers.");
        }
        return servers;
    }

    private Known known(List<Instance> instances, Duration ttl) {
        var bounded = ttl.compareTo(SHORTEST) < 0 ? SHORTEST : ttl.compareTo(LONGEST) > 0 ? LONGEST : ttl;
        return new Known(new Snapshot(instances, ""), time.nanos() + bounded.toNanos());
    }

    private Known addresses(String service, String name, DnsQuery query) {
        var answer = resolve(name, query);
        var instances = new ArrayList<Instance>();
        for (var address : answer.addresses()) {
            instances.add(instance(service, address, settings.port().orElseThrow(), 1));
        }
        return known(instances, answer.ttl());
    }

    private static DnsQuery.Answer resolve(String name, DnsQuery query) {
        var four = query.ask(name, DnsQuery.A);
        return four.addresses().isEmpty() ? query.ask(name, DnsQuery.AAAA) : four;
    }

    private Known srv(String service, String name, DnsQuery query) {
        var answer = query.ask(name, DnsQuery.SRV);
        int best = answer.services().stream()
                .mapToInt(DnsQuery.Srv::priority)
                .min()
                .orElse(0);
        var instances = new ArrayList<Instance>();
        var ttl = answer.ttl();
        for (var record : answer.services()) {
            if (record.priority() != best
                    || record.port() == 0
                    || record.target().isEmpty()) {
                continue;
            }
            int weight = Math.max(1, record.weight());
            if (settings.scheme().equals("https")) {
                instances.add(instance(service, record.target(), record.port(), weight));
                continue;
            }
            var target = resolve(record.target(), query);
            for (var address : target.addresses()) {
                instances.add(instance(service, address, record.port(), weight));
            }
            ttl = ttl.compareTo(target.ttl()) < 0 ? ttl : target.ttl();
        }
        return known(instances, ttl);
    }

    private Instance instance(String service, String host, int port, int weight) {
        var id = "at-" + (host + "-" + port).replaceAll("[^A-Za-z0-9.-]", "-");
        return new Instance(
                service, id, settings.scheme(), host, port, "", weight, "", Optional.empty(), Map.of(), Map.of());
    }

    @Override
    public Optional<Snapshot> await(String service, Snapshot before, Duration most) throws InterruptedException {
        long end = time.nanos() + most.toNanos();
        while (true) {
            var now = look(service);
            if (!now.instances().equals(before.instances())) {
                return Optional.of(now);
            }
            var last = known.get(service);
            long next = last == null ? end : last.untilNanos;
            long wake = next - end < 0 ? next : end;
            time.sleep(Duration.ofNanos(wake - time.nanos()));
            if (end - time.nanos() <= 0) {
                return Optional.empty();
            }
        }
    }

    @Override
    public Set<String> services() {
        return Set.of();
    }

    @Override
    public void close() {}
}
