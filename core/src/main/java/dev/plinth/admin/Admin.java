package dev.plinth.admin;

import dev.plinth.config.BootException;
import dev.plinth.config.Config;
import dev.plinth.config.ConfigException;
import dev.plinth.config.Reloaded;
import dev.plinth.error.Category;
import dev.plinth.error.Problem;
import dev.plinth.error.Violation;
import dev.plinth.health.Health;
import dev.plinth.http.Http;
import dev.plinth.http.HttpConfig;
import dev.plinth.http.Maintenance;
import dev.plinth.http.Request;
import dev.plinth.http.Response;
import dev.plinth.log.LogLevel;
import dev.plinth.log.LoggerLevel;
import dev.plinth.log.Logs;
import dev.plinth.metrics.Metrics;
import dev.plinth.resilience.GateConfig;
import dev.plinth.resilience.Policies;
import dev.plinth.schema.ByteSize;
import dev.plinth.schema.Doc;
import dev.plinth.schema.Schema;
import dev.plinth.time.Time;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the admin listener serves.
 *
 * <pre>
 * GET /healthcheck, /health/live, /health/ready, /health/started   status only, as on the public listener
 * GET /health            each check with its result, duration and age
 * GET /metrics           Prometheus text or OpenMetrics, as the caller accepts
 * GET /info              name, version, build, start, uptime, host, properties
 * GET /status            the same in the terms of pip-services, with the components
 * GET /heartbeat         the time
 * GET /loggers           all loggers and their levels
 * GET, PUT, DELETE /loggers/{name}
 * GET /resilience        each policy around a call to another service: its state and counts; ?name=pricing for one target
 * GET, PUT /maintenance  whether the public listener answers 503 to all but probes: {"on": true}
 * GET /config            each value with its origin; ?key=http.port for one
 * POST /config/reload    reads the sources anew, and tells what changed and what needs a restart
 * </pre>
 */
public final class Admin {
    private static final List<String> PROBES =
            List.of("/healthcheck", "/health/live", "/health/ready", "/health/started");

    private final AdminConfig config;
    private final String service;
    private final Map<String, String> build;
    private final Config values;
    private final Supplier<Reloaded> reload;
    private final Health health;
    private final Metrics metrics;
    private final Logs logs;
    private final Policies policies;
    private final Time time;
    private final Instant startTime;
    private final Map<String, String> info = new LinkedHashMap<>();
    private Maintenance maintenance = new Maintenance();

    /** The admin side of one service; {@code build} tells version, build time and instance. */
    public Admin(
            AdminConfig config,
            String service,
            Map<String, String> build,
            Config values,
            Supplier<Reloaded> reload,
            Health health,
            Metrics metrics,
            Logs logs,
            Policies policies,
            Time time) {
        this.config = config;
        this.service = service;
        this.build = build;
        this.values = values;
        this.reload = reload;
        this.health = health;
        this.metrics = metrics;
        this.logs = logs;
        this.policies = policies;
        this.time = time;
        this.startTime = time.now();
    }

    /** Serves the switch for maintenance of the public listener. */
    public void maintenance(Maintenance newMaintenance) {
        maintenance = newMaintenance;
    }

    /** Adds a property to {@code /info}. */
    public void info(String key, String value) {
        info.put(key, value);
    }

    /** The listener: that of the public one's defaults, on the admin's address. */
    public HttpConfig listener() {
        var defaults = Schema.of(HttpConfig.class).defaults();
        return new HttpConfig(
                config.host(),
                config.port(),
                defaults.requestTimeout(),
                new ByteSize(64 * 1024),
                64,
                256,
                defaults.maxHeaders(),
                false,
                false,
                Optional.empty(),
                defaults.readTimeout(),
                defaults.idleTimeout(),
                64,
                Optional.empty(),
                Optional.empty(),
                defaults.uploads(),
                defaults.cors(),
                true,
                Optional.empty(),
                Optional.empty(),
                defaults.tenant(),
                defaults.maintenance(),
                defaults.requestLog(),
                defaults.webSocket(),
                defaults.proxies(),
                Optional.empty(),
                List.of(),
                // Who looks after an overload must not be refused for it.
                new GateConfig(false, Duration.ofSeconds(1), 64, 0, Duration.ofSeconds(1), Duration.ZERO),
                defaults.limits(),
                defaults.contract(),
                defaults.openapi());
    }

    /** Adds the probes, which tell no more than their status. */
    public void addProbes(Http http) {
        http.probe("/healthcheck", _ -> probe(health.isServing()))
                .probe("/health/live", _ -> probe(health.isLive()))
                .probe("/health/ready", _ -> probe(health.isReady()))
                .probe("/health/started", _ -> probe(health.isStarted()));
    }

    private static Response probe(boolean up) {
        return up ? Response.text("OK") : Response.text("UNAVAILABLE").withStatus(503);
    }

    /** Adds {@code /metrics}. */
    public void addMetrics(Http http) {
        http.probe("/metrics", request -> {
            var exposition = metrics.scrape(request.header("accept").orElse(null));
            return Response.bytes(exposition.contentType(), exposition.body());
        });
    }

    /** All routes. */
    public Http routes() {
        var http = new Http().filter(new Guard(config, PROBES));
        addProbes(http);
        addMetrics(http);
        return http.get("/health", _ -> health())
                .get("/info", _ -> info())
                .get("/status", _ -> status())
                .get("/heartbeat", _ -> time.now())
                .get("/loggers", _ -> logs.levels().all())
                .get("/loggers/{name}", request -> level(request, logs.levels()::get))
                .put("/loggers/{name}", Level.class, this::setLevel)
                .delete("/loggers/{name}", request -> level(request, logs.levels()::reset))
                .get("/resilience", this::resilience)
                .get("/config", this::config)
                .get("/config/boot", _ -> values.booted())
                .post("/config/reload", _ -> reload())
                .get("/maintenance", _ -> new Switch(maintenance.isOn()))
                .put("/maintenance", Switch.class, wanted -> {
                    maintenance.set(wanted.on());
                    return wanted;
                });
    }

    /** What {@code /maintenance} tells and takes. */
    record Switch(boolean on) {}

    private Response health() {
        var report = health.report();
        return Response.ok(report).withStatus(health.isReady() ? 200 : 503);
    }

    private Map<String, Object> info() {
        var now = time.now();
        var about = new LinkedHashMap<String, Object>();
        about.put("name", service);
        about.putAll(build);
        about.put("start_time", startTime);
        about.put("uptime", Duration.between(startTime, now));
        about.put("host", hostName());
        about.put("pid", ProcessHandle.current().pid());
        about.put("java", Runtime.version().toString());
        about.put("properties", info);
        return about;
    }

    /** The fields of the seed's status service, which its users' tools read. */
    private Map<String, Object> status() {
        var now = time.now();
        var status = new LinkedHashMap<String, Object>();
        status.put("id", build.get("instance"));
        status.put("name", service);
        status.put("description", info.getOrDefault("description", ""));
        status.put("start_time", startTime);
        status.put("current_time", now);
        status.put("uptime", Duration.between(startTime, now).toMillis());
        status.put("properties", info);
        status.put(
                "components",
                health.report().components().stream().map(each -> each.name()).toList());
        return status;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "unknown";
        }
    }

    /**
     * What {@code PUT /loggers/{name}} takes.
     *
     * @param period how long it is to hold; without one it stays until the process ends
     */
    record Level(
            @NotNull @Doc("ERROR, WARN, INFO, DEBUG, TRACE or OFF.") LogLevel level,
            @Doc("How long it holds, such as PT10M; without it, until the end.") Optional<@Positive Duration> period) {}

    private LoggerLevel setLevel(Level wanted, Request request) {
        var levels = logs.levels();
        return level(
                request,
                name -> wanted.period().isPresent()
                        ? levels.set(name, wanted.level(), wanted.period().get())
                        : levels.set(name, wanted.level()));
    }

    private static LoggerLevel level(Request request, Function<String, LoggerLevel> action) {
        try {
            return action.apply(request.path("name"));
        } catch (IllegalArgumentException refused) {
            throw Problem.badRequest("BAD_LOGGER", String.valueOf(refused.getMessage()));
        }
    }

    private Map<String, Object> reload() {
        try {
            var reloaded = reload.get();
            var answer = new LinkedHashMap<String, Object>();
            answer.put("changed", reloaded.changed());
            answer.put("refused", reloaded.refused());
            answer.put("needs_restart", reloaded.needsRestart());
            return answer;
        } catch (ConfigException wrong) {
            var violations = new ArrayList<Violation>();
            for (var problem : wrong.problems()) {
                var pointer = problem.key().isEmpty() ? "" : "/" + problem.key().replace('.', '/');
                violations.add(Violation.of(pointer, "CONFIG", problem.toString()));
            }
            throw Problem.badRequest("CONFIG_INVALID", "nothing has changed. " + wrong.getMessage())
                    .withStatus(422)
                    .withViolations(violations);
        } catch (BootException unreadable) {
            throw Problem.of(
                            Category.NO_RESPONSE,
                            "CONFIG_UNREACHABLE",
                            "nothing has changed. " + unreadable.getMessage())
                    .withStatus(502)
                    .causedBy(unreadable);
        }
    }

    private Object resilience(Request request) {
        var wanted = request.query("name").orElse("");
        return policies.snapshots().stream()
                .filter(policy -> wanted.isEmpty() || policy.name().equals(wanted))
                .toList();
    }

    private Object config(Request request) {
        var key = request.query("key").orElse("");
        try {
            return key.isEmpty() ? values.explain() : values.explain(key);
        } catch (ConfigException unknown) {
            throw Problem.notFound("UNKNOWN_KEY", unknown.problems().getFirst().toString());
        }
    }
}
