package dev.plinth;

import dev.plinth.admin.AdminConfig;
import dev.plinth.client.ClientConfig;
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
import dev.plinth.http.HttpConfig;
import dev.plinth.lifecycle.StopConfig;
import dev.plinth.log.LogConfig;
import dev.plinth.metrics.MetricsConfig;
import dev.plinth.trace.TraceConfig;
import java.util.ArrayList;
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
                .section("credentials", CredentialsConfig.class)
                .choice("discovery", RegistryBackend.KIND, DiscoveryConfig.class)
                .sections("clients", ClientConfig.class);
    }

    /** The same with the service's own section. */
    static Layout layout(@Nullable Class<? extends Record> settings) {
        return settings == null ? layout() : layout().section("settings", settings);
    }

    /**
     * Reads and judges all sections.
     *
     * @throws ConfigException with all that is wrong
     */
    static Bound of(Sources sources, @Nullable Class<? extends Record> settings) {
        var config = Config.load(sources, layout(settings));
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

    /** What is configured and nobody asked for is a mistake: most often a name that was misspelt. */
    void refuseUnused(Set<String> clients) {
        var problems = new ArrayList<ConfigProblem>();
        for (var name : config.all("clients", ClientConfig.class).keySet()) {
            if (!clients.contains(name)) {
                problems.add(config.problem(
                        "clients." + name,
                        "the service asks for no client of that name (it asks for: "
                                + (clients.isEmpty() ? "none" : String.join(", ", clients)) + ")"));
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }
}
