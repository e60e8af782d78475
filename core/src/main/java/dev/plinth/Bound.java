package dev.plinth;

import dev.plinth.admin.AdminConfig;
import dev.plinth.auth.Authenticator;
import dev.plinth.auth.AuthenticatorBackend;
import dev.plinth.client.ClientConfig;
import dev.plinth.config.BootBackend;
import dev.plinth.config.BootConfig;
import dev.plinth.config.Chosen;
import dev.plinth.config.Config;
import dev.plinth.config.ConfigException;
import dev.plinth.config.ConfigProblem;
import dev.plinth.config.Layout;
import dev.plinth.config.SecretsConfig;
import dev.plinth.config.Sources;
import dev.plinth.config.WatchConfig;
import dev.plinth.credential.CredentialsConfig;
import dev.plinth.discovery.DiscoveryConfig;
import dev.plinth.discovery.RegistryBackend;
import dev.plinth.health.HealthConfig;
import dev.plinth.http.Http;
import dev.plinth.http.HttpConfig;
import dev.plinth.http.UnixSocketConfig;
import dev.plinth.lifecycle.StopConfig;
import dev.plinth.log.LogConfig;
import dev.plinth.metrics.MetricsConfig;
import dev.plinth.time.Time;
import dev.plinth.trace.TraceConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The sections of the chassis and of the service, all judged before anything is opened. */
record Bound(
        Config config,
        HttpConfig http,
        AdminConfig admin,
        LogConfig log,
        MetricsConfig metrics,
        TraceConfig trace,
        HealthConfig health,
        StopConfig stop,
        WatchConfig watch,
        SecretsConfig secrets,
        DiscoveryConfig discovery,
        Chosen<RegistryBackend> registry,
        CredentialsConfig credentials,
        Map<String, String> environment,
        ClassLoader loader,
        @Nullable Record settings) {
    /** The layout of every service: the reference is made from it. */
    static Layout layout() {
        return new Layout()
                .section("http", HttpConfig.class)
                .section("admin", AdminConfig.class)
                .section("log", LogConfig.class)
                .section("metrics", MetricsConfig.class)
                .section("trace", TraceConfig.class)
                .section("health", HealthConfig.class)
                .section("stop", StopConfig.class)
                .section("config", WatchConfig.class)
                .choice("boot", BootBackend.KIND, BootConfig.class)
                .section("credentials", CredentialsConfig.class)
                .choice("discovery", RegistryBackend.KIND, DiscoveryConfig.class)
                .choices("auth", AuthenticatorBackend.KIND)
                .sections("clients", ClientConfig.class)
                .sections("listeners", HttpConfig.class);
    }

    /** The same with the service's own section. */
    static Layout layout(@Nullable Class<? extends Record> settings) {
        return settings == null ? layout() : layout().section("settings", settings);
    }

    /**
     * Reads and judges all sections.
     *
     * @throws ConfigException with all that is wrong
     * @throws dev.plinth.config.BootException if the remote tree can't be read
     */
    static Bound of(Sources sources, @Nullable Class<? extends Record> settings, Time time) {
        var config = Config.load(sources, layout(settings), time);
        return new Bound(
                config,
                config.get("http", HttpConfig.class),
                config.get("admin", AdminConfig.class),
                config.get("log", LogConfig.class),
                config.get("metrics", MetricsConfig.class),
                config.get("trace", TraceConfig.class),
                config.get("health", HealthConfig.class),
                config.get("stop", StopConfig.class),
                config.get("config", WatchConfig.class),
                config.get("secrets", SecretsConfig.class),
                config.get("discovery", DiscoveryConfig.class),
                config.chosen("discovery", RegistryBackend.class),
                config.get("credentials", CredentialsConfig.class),
                sources.environment(),
                sources.classLoader(),
                settings == null ? null : config.get("settings", settings));
    }

    /** Adds how callers are known to each listener, by its section, and refuses rules that can't hold. */
    Map<String, Authenticator> guard(Map<String, Http> doors, Time time) {
        var problems = new ArrayList<ConfigProblem>();
        var opened = new LinkedHashMap<String, Authenticator>();
        config.allChosen("auth", AuthenticatorBackend.class).forEach((name, chosen) -> {
            try {
                var authenticator = chosen.backend().open(name, chosen.settings(), time);
                opened.put(name, authenticator);
                doors.values().forEach(door -> door.authenticator(name, authenticator));
            } catch (IllegalArgumentException wrong) {
                problems.add(config.problem("auth." + name, String.valueOf(wrong.getMessage())));
            }
        });
        if (problems.isEmpty()) {
            accessFaults(doors).forEach((key, message) -> problems.add(config.problem(key, message)));
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return opened;
    }

    /** An authenticator that one listener has no use for may be another one's. */
    private Map<String, String> accessFaults(Map<String, Http> doors) {
        var all = new LinkedHashMap<String, String>();
        Set<String> everywhere = null;
        for (var door : doors.entrySet()) {
            var faults = door.getValue().accessFaults(listener(door.getKey()), door.getKey());
            faults.forEach(all::putIfAbsent);
            if (everywhere == null) {
                everywhere = new HashSet<>(faults.keySet());
            }
            everywhere.retainAll(faults.keySet());
        }
        var useless = everywhere == null ? Set.<String>of() : everywhere;
        all.keySet().removeIf(key -> key.startsWith("auth.") && !useless.contains(key));
        return all;
    }

    /** Of the listener that is configured there: {@code http}, {@code listeners.NAME}. */
    HttpConfig listener(String section) {
        return section.equals("http")
                ? http
                : config.get("listeners", section.substring("listeners.".length()), HttpConfig.class);
    }

    /**
     * What is configured and nobody asked for is a mistake: most often a name that was misspelt. So are two listeners on one
     * port, and one without a port that others are told of.
     */
    void refuseUnused(Set<String> clients, Set<String> listeners, boolean registered) {
        var problems = new ArrayList<ConfigProblem>();
        unused("client", config.all("clients", ClientConfig.class).keySet(), clients, problems);
        unused("listener", config.all("listeners", HttpConfig.class).keySet(), listeners, problems);
        onePort(listeners, problems);
        if (registered
                && discovery.announce()
                && hasNoPort(http)
                && discovery.advertisePort().isEmpty()) {
            problems.add(config.problem(
                    "http.socket.only",
                    "true leaves no port to announce. Set discovery.advertise-port to that of the proxy in front, or"
                            + " discovery.announce to false"));
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    private void unused(String what, Set<String> configured, Set<String> asked, List<ConfigProblem> problems) {
        for (var name : configured) {
            if (!asked.contains(name)) {
                problems.add(config.problem(
                        what + "s." + name,
                        "the service asks for no " + what + " of that name (it asks for: "
                                + (asked.isEmpty() ? "none" : String.join(", ", asked)) + ")"));
            }
        }
    }

    private void onePort(Set<String> listeners, List<ConfigProblem> problems) {
        var taken = new HashMap<Integer, String>();
        if (!hasNoPort(http)) {
            taken.put(http.port(), "http.port");
        }
        taken.putIfAbsent(admin.port(), "admin.port");
        for (var name : listeners) {
            var key = "listeners." + name + ".port";
            var listener = config.get("listeners", name, HttpConfig.class);
            if (listener.port() == 0 || hasNoPort(listener)) {
                continue;
            }
            var before = taken.putIfAbsent(listener.port(), key);
            if (before != null) {
                problems.add(config.problem(
                        key,
                        listener.port() + " is the port of " + before + ". Choose another (0 takes any free one)"));
            }
        }
    }

    private static boolean hasNoPort(HttpConfig listener) {
        return listener.socket().filter(UnixSocketConfig::only).isPresent();
    }
}
