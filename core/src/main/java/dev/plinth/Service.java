package dev.plinth;

import dev.plinth.admin.Admin;
import dev.plinth.auth.Authenticator;
import dev.plinth.client.Client;
import dev.plinth.client.ClientConfig;
import dev.plinth.client.InProcess;
import dev.plinth.config.Config;
import dev.plinth.config.ConfigException;
import dev.plinth.config.Reloaded;
import dev.plinth.context.Context;
import dev.plinth.credential.Credentials;
import dev.plinth.discovery.Discovery;
import dev.plinth.discovery.Instance;
import dev.plinth.discovery.MemoryRegistry;
import dev.plinth.discovery.RegistryRoutes;
import dev.plinth.health.Health;
import dev.plinth.http.ContentCoding;
import dev.plinth.http.Http;
import dev.plinth.http.HttpConfig;
import dev.plinth.http.Listener;
import dev.plinth.http.OpenApi;
import dev.plinth.http.OpenApiUi;
import dev.plinth.lifecycle.Component;
import dev.plinth.lifecycle.Lifecycle;
import dev.plinth.lifecycle.State;
import dev.plinth.lifecycle.StopSequence;
import dev.plinth.log.LogLevel;
import dev.plinth.log.LogLevels;
import dev.plinth.log.Logs;
import dev.plinth.metrics.Metrics;
import dev.plinth.metrics.PolicyMetrics;
import dev.plinth.resilience.Policies;
import dev.plinth.secret.Secret;
import dev.plinth.time.Time;
import dev.plinth.trace.Tracing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One service: to {@code compose} the source of its parts, to everybody else the handle of the running whole.
 *
 * <pre>{@code
 * public static void main(String[] args) {
 *     Service.run("orders", args, Settings.class, Orders::compose);
 * }
 *
 * static void compose(Service service, Settings settings) {
 *     var pricing = service.client("pricing");
 *     service.http().get("/orders/{id}", request -> ...);
 * }
 * }</pre>
 *
 * <p>What {@code compose} gets are inert handles: nothing is opened before all is composed and all configuration is
 * valid. Then components start in the order in which they were asked for; the public listener opens last and closes
 * first. Compose on one thread; afterwards everything that doesn't compose is thread-safe.
 */
public final class Service implements AutoCloseable {
    private static final Duration STEP = Duration.ofSeconds(1);

    private final String name;
    private final Bound bound;
    private final Time time;
    private final Logs logs;
    private final Metrics metrics;
    private final Tracing tracing;
    private final Health health;
    private final Policies policies;
    private final Admin admin;
    private final Reloads reloads;
    private final Discovery discovery;
    private final Credentials credentials;
    private final Build build;
    private final Http http = new Http();
    private final Map<String, Http> further = new LinkedHashMap<>();
    private final Map<String, Listener> furtherListeners = new LinkedHashMap<>();
    private final Lifecycle lifecycle;
    private final Logger log;
    private final Map<String, Service> neighbours;
    private final Map<String, Client> clients = new LinkedHashMap<>();
    private final List<OpenApi> documents = new ArrayList<>(1);
    private final List<RegistryRoutes> registries = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private Map<String, Authenticator> authenticators = Map.of();
    private @Nullable Listener listener;
    private @Nullable Listener adminListener;

    /** Takes bound configuration, and joins the log: the one part that works before the start. */
    Service(String name, Build build, Bound bound, Time time, Map<String, Service> neighbours) {
        this.name = name;
        this.build = build;
        this.bound = bound;
        this.time = time;
        this.neighbours = neighbours;
        // Before any class with a logger of its own is touched: SLF4J would look for its backend in every jar.
        this.logs = Logs.attach(bound.log(), name, time);
        this.log = LoggerFactory.getLogger(Service.class);
        this.lifecycle = new Lifecycle();
        this.metrics = new Metrics(name, bound.metrics(), time);
        this.tracing = new Tracing(name, build.version(), build.instance(), bound.trace(), time);
        this.health = new Health(bound.health(), name, time, lifecycle::state);
        this.reloads = new Reloads(bound.config(), log);
        this.policies = new Policies(time);
        this.admin = new Admin(
                bound.admin(),
                name,
                build.properties(),
                bound.config(),
                () -> reloads.now("POST /config/reload"),
                health,
                metrics,
                logs,
                policies,
                time);
        policies.listen(new PolicyLog());
        policies.listen(new PolicyMetrics(metrics));
        var registry = bound.registry().backend().open(bound.registry().settings(), bound.discovery(), time);
        this.credentials = new Credentials(bound.credentials(), bound.environment());
        this.discovery = new Discovery(name, registry, bound.discovery(), time, metrics);
        metrics.loggerMessages(level -> logs.count(LogLevel.valueOf(level.name())));
        metrics.counter("logger_messages_dropped", "Lines of the process that found no room.", logs::dropped);
        metrics.counter("trace_spans_exported", "Spans that the collector has taken.", tracing::exportedSpans);
        metrics.counter("trace_spans_dropped", "Spans that never reached the collector.", tracing::droppedSpans);
    }

    // ---- running one -----------------------------------------------------------------------------------------------

    /** Runs a service without settings; all else is as in {@link #run(String, String[], Class, ComposeWith)}. */
    public static void run(String name, String[] args, Compose compose) {
        new Launch(name, compose).run(args);
    }

    /**
     * Runs a service as this process: reads the configuration, composes, starts, serves until SIGTERM or SIGINT, stops in
     * order, and exits.
     *
     * <p>{@code args} are {@code [run | check [FILE]... | explain [KEY] | reference | schema | openapi]}, and {@code [--config FILE]
     * [--profile NAME] [--set KEY=VALUE]...}.
     * Exit codes: 0 stopped in order, 1 the start failed, 64 the command line is wrong, 78 the configuration is wrong.
     *
     * @param name in logs, metrics, traces and discovery; it stands here and nowhere else
     * @param settings the record that section {@code settings} is bound to
     * @param compose puts the service together
     */
    public static <S extends Record> void run(String name, String[] args, Class<S> settings, ComposeWith<S> compose) {
        new Launch(name, settings, compose).run(args);
    }

    /**
     * What a {@code main} would run, to be started inside a test: {@code Service.of(Orders::main).start()}.
     *
     * @throws IllegalArgumentException if it ends without a call of {@code run}
     */
    public static Launch of(Main main) {
        return Launch.of(main);
    }

    /** Puts a service together. */
    @FunctionalInterface
    public interface Compose {
        /** Asks {@code service} for parts and joins them with the business logic. */
        void compose(Service service) throws Exception;
    }

    /** Puts a service together, with its settings. */
    @FunctionalInterface
    public interface ComposeWith<S extends Record> {
        /** Asks {@code service} for parts and joins them with the business logic. */
        void compose(Service service, S settings) throws Exception;
    }

    /** A {@code main} method. */
    @FunctionalInterface
    public interface Main {
        /** Runs. */
        void main(String[] args) throws Exception;
    }

    // ---- composing -------------------------------------------------------------------------------------------------

    /** The routes and filters of the public listener. */
    public Http http() {
        return http;
    }

    /**
     * The routes and filters of a further listener, configured under {@code listeners.NAME} by all the keys that {@code
     * http} has. Health probes, and the switch for maintenance of the admin listener, are the public one's.
     *
     * @throws IllegalArgumentException if the name is not made of lower-case letters, digits and hyphens, or is {@code
     *     http} or {@code admin}
     */
    public Http http(String listenerName) {
        if (!listenerName.matches("[a-z][a-z0-9-]{0,39}")
                || List.of("http", "admin").contains(listenerName)) {
            throw new IllegalArgumentException("listener '" + listenerName
                    + "' (expected: lower-case letters, digits and hyphens, and neither http nor admin)");
        }
        return further.computeIfAbsent(listenerName, _ -> new Http());
    }

    /**
     * A client of another service, configured under {@code clients.NAME}: of the one at its {@code url}, or without that of the
     * instances that discovery knows by the client's name.
     *
     * @throws dev.plinth.config.ConfigException if {@code clients.NAME.url} is not there, and no registry
     */
    public Client client(String target) {
        var known = clients.get(target);
        if (known != null) {
            return known;
        }
        var config = bound.config().get("clients", target, ClientConfig.class);
        var neighbour = neighbours.get(target);
        boolean discovered = config.url().isEmpty() && neighbour == null;
        if (discovered && !discovery.isEnabled()) {
            throw new ConfigException(List.of(bound.config()
                    .problem(
                            "clients." + target + ".url",
                            "is missing: where is it, such as http://" + target
                                    + ":8080 (or choose a registry with discovery.backend)")));
        }
        var inProcess = neighbour == null ? null : neighbour.inProcess();
        var balancer = discovered ? discovery.balancer(target) : null;
        var client = new Client(target, config, policies, tracing, metrics.httpClient(), inProcess, balancer);
        lifecycle.add("client " + target, client);
        clients.put(target, client);
        return client;
    }

    /** This service as another one in this process calls it. */
    private InProcess inProcess() {
        return (method, path, headers, body) -> {
            if (state() != State.RUNNING && state() != State.STOPPING) {
                throw new IllegalStateException("service '" + name + "' is " + state());
            }
            var answer = opened(listener).direct(method, path, headers, body);
            return new InProcess.Received(answer.status(), answer.headers(), answer.body());
        };
    }

    /**
     * Something of the service's own that is opened and closed with it.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    public void component(String componentName, Component component) {
        lifecycle.add(componentName, component);
    }

    /**
     * Serves a registry to other services under {@code prefix} of the public listener: what they name as {@code discovery:
     * { backend: rest, endpoints: ["http://this-service:8080/registry"] }}. It lives in memory; see {@link RegistryRoutes}.
     *
     * @param token what the others must send; without one whoever reaches the listener may announce
     */
    public void serveRegistry(String prefix, Optional<Secret> token) {
        var routes = new RegistryRoutes(new MemoryRegistry(time), token);
        http.group(prefix, group -> routes.addTo(group.undocumented()));
        registries.add(routes);
    }

    /**
     * Serves the documents of {@code folder} to other services under {@code prefix} of the public listener: what they name
     * as {@code boot: { backend: rest, endpoints: ["http://this-service:8080/config"], key: orders }} is {@code orders.yaml}
     * or {@code orders.json} there.
     *
     * @param token what the others must send; without one whoever reaches the listener may read
     */
    public void serveConfig(String prefix, Path folder, Optional<Secret> token) {
        http.group(prefix, group -> new ConfigRoutes(folder, token).addTo(group.undocumented()));
    }

    /** What {@code /info} tells beside name, version and times. */
    public void info(String key, String value) {
        admin.info(key, value);
    }

    // ---- what serves at any time -----------------------------------------------------------------------------------

    /** The name that it runs under. */
    public String name() {
        return name;
    }

    /** Its meters. */
    public Metrics metrics() {
        return metrics;
    }

    /** Its traces. */
    public Tracing tracing() {
        return tracing;
    }

    /** Its health checks. */
    public Health health() {
        return health;
    }

    /** Its policies around calls: make further ones with it, {@code Guard.of("pricing", service.policies())}. */
    public Policies policies() {
        return policies;
    }

    /** Credentials for other systems, by key. */
    public Credentials credentials() {
        return credentials;
    }

    /** How it is found and finds others. */
    public Discovery discovery() {
        return discovery;
    }

    /** Its clock, sleeper and source of chance. */
    public Time time() {
        return time;
    }

    /** Its configuration, with the origin of each value. */
    public Config config() {
        return bound.config();
    }

    /**
     * Reads the configuration anew, and logs what came of it; see {@link Config#reload}.
     *
     * @throws dev.plinth.config.ConfigException with everything that is wrong; nothing has changed then
     */
    public Reloaded reload() {
        return reloads.now("asked for by the service");
    }

    /** The levels of the process's loggers, for tests. */
    LogLevels logLevels() {
        return logs.levels();
    }

    /** The same for a signal. */
    void hangUp() {
        fork("reload", () -> reloads.quietly("SIGHUP"));
    }

    /** Where it stands. */
    public State state() {
        return lifecycle.state();
    }

    /** Starts a virtual thread in the current context, or outside any in one of the service's own. */
    public Thread fork(String threadName, Runnable work) {
        if (Context.current() != Context.EMPTY) {
            return Context.start(threadName, work);
        }
        return Context.of(name).call(() -> Context.start(threadName, work));
    }

    // ---- the running whole -----------------------------------------------------------------------------------------

    /**
     * The port of the public listener.
     *
     * @throws IllegalStateException before the start
     */
    public int port() {
        return opened(listener).port();
    }

    /**
     * The port of a further listener; 0 where it listens on a Unix domain socket alone.
     *
     * @throws IllegalStateException before the start
     * @throws IllegalArgumentException if there is none of that name
     */
    public int port(String listenerName) {
        if (!further.containsKey(listenerName)) {
            throw new IllegalArgumentException(
                    "listener '" + listenerName + "' (there are: " + String.join(", ", further.keySet()) + ")");
        }
        return opened(furtherListeners.get(listenerName)).port();
    }

    /**
     * The port of the admin listener.
     *
     * @throws IllegalStateException before the start
     */
    public int adminPort() {
        return opened(adminListener).port();
    }

    private static Listener opened(@Nullable Listener listener) {
        if (listener == null) {
            throw new IllegalStateException("the service has not started");
        }
        return listener;
    }

    /** Judges what only the composed service can tell, and opens nothing. */
    void check() {
        try {
            seal();
            for (var api : documents) {
                api.check();
            }
        } finally {
            abandon();
        }
    }

    /** The document of the public listener's routes as a file, with what guards them. */
    String openApiFile() {
        seal();
        return documents.getFirst().yaml();
    }

    /** Ends the composing: the listeners get their routes, and whatever is configured must have been asked for. */
    private void seal() {
        bound.refuseUnused(clients.keySet(), further.keySet(), discovery.isEnabled());
        admin.maintenance(http.maintenance());
        admin.addProbes(http);
        if (bound.metrics().onPublicListener()) {
            admin.addMetrics(http);
        }
        var doors = new LinkedHashMap<String, Http>();
        doors.put("http", http);
        further.forEach((called, routes) -> doors.put("listeners." + called, routes));
        doors.forEach(this::addDocument);
        authenticators = bound.guard(doors, time);
        listener = new Listener("http", name, bound.http(), http, time, tracing, metrics.httpServer(), brotli("http"));
        further.forEach((called, routes) -> {
            var config = bound.config().get("listeners", called, HttpConfig.class);
            var door = new Listener(
                    "listeners." + called,
                    name,
                    config,
                    routes,
                    time,
                    tracing,
                    metrics.httpServer(called),
                    brotli("listeners." + called));
            door.report(policies, metrics);
            furtherListeners.put(called, door);
            lifecycle.add("listener " + called, component(door));
        });
        listener.report(policies, metrics);
        var adminRoutes = admin.routes();
        discovery.addTo(adminRoutes);
        adminListener = new Listener("admin", name, admin.listener(), adminRoutes, time, null, null, null);
        if (discovery.isEnabled()) {
            health.readiness("discovery", discovery::check);
            lifecycle.addFirst("discovery", component(discovery));
        }
        if (!authenticators.isEmpty()) {
            lifecycle.addFirst("auth", component(authenticators.values()));
        }
        if (bound.config().booted().isPresent()) {
            health.readiness("boot", reloads::check);
        }
        // First, so that the probe of a slow start is answered; last to close, so that the end can be watched.
        lifecycle.addFirst("admin", component(adminListener));
        lifecycle.add("http", component(listener));
    }

    private void addDocument(String section, Http routes) {
        var config = bound.listener(section).openapi();
        var api = new OpenApi(routes, config, name, build.version());
        if (config.enabled()) {
            var ui = config.ui()
                    ? brought(
                            OpenApiUi.class,
                            _ -> true,
                            section + ".openapi.ui",
                            "there are no pages on the class path. Add the artifact dev.plinth:plinth-swagger-ui.")
                    : null;
            api.addTo(section, ui);
        }
        documents.add(api);
    }

    private @Nullable ContentCoding brotli(String section) {
        var key = section + ".brotli-above";
        return bound.listener(section).brotliAbove().isEmpty()
                ? null
                : brought(
                        ContentCoding.class,
                        coding -> coding.name().equals("br"),
                        key,
                        "nothing packs so. Add the artifact dev.plinth:plinth-brotli.");
    }

    /** What an artifact brings. */
    private <T> T brought(Class<T> kind, Predicate<T> fits, String key, String without) {
        try {
            for (var one : ServiceLoader.load(kind, bound.loader())) {
                if (fits.test(one)) {
                    return one;
                }
            }
        } catch (ServiceConfigurationError broken) {
            var cause = broken.getCause() == null ? broken : broken.getCause();
            throw new ConfigException(List.of(bound.config().problem(key, String.valueOf(cause.getMessage()))));
        }
        throw new ConfigException(List.of(bound.config().problem(key, without)));
    }

    /** Opens everything; if something fails, closes what had opened and leaves nothing behind. */
    void start() {
        try {
            seal();
            for (var warning : bound.config().warnings()) {
                log.warn("configuration: {}", warning);
            }
            lifecycle.start();
            lifecycle.running();
        } catch (RuntimeException failed) {
            abandon();
            throw failed;
        }
        log.info(
                "{} is ready: http on {}, admin on port {}{}",
                name,
                place(port(), bound.http()),
                adminPort(),
                places());
        reloads.keepCopy();
        reloads.watch(time, bound.watch().watch(), name);
        reloads.follow(time, name);
        discovery.follow();
        if (discovery.isEnabled()) {
            discovery.announce(self());
        }
        fork("warm-up", () -> {
            metrics.warmUp();
            tracing.warmUp();
        });
        authenticators.forEach((of, authenticator) -> fork("auth " + of, authenticator::warmUp));
    }

    private static String place(int port, HttpConfig config) {
        var socket = config.socket().map(at -> "socket " + at.path()).orElse("");
        if (port == 0) {
            return socket;
        }
        return "port " + port + (socket.isEmpty() ? "" : " and " + socket);
    }

    private String places() {
        var places = new StringBuilder();
        furtherListeners.forEach((called, door) -> places.append(", ")
                .append(called)
                .append(" on ")
                .append(place(door.port(), bound.config().get("listeners", called, HttpConfig.class))));
        return places.toString();
    }

    /** This instance, as others are to see it. */
    private Instance self() {
        return discovery.describe(
                name,
                build.instance() + "-" + port(),
                build.version(),
                bound.http().host(),
                bound.discovery().advertisePort().orElse(port()),
                ports());
    }

    private Map<String, Integer> ports() {
        var ports = new LinkedHashMap<String, Integer>();
        ports.put("admin", adminPort());
        furtherListeners.forEach((called, door) -> ports.put(called, door.port()));
        return ports;
    }

    private static Component component(Discovery discovery) {
        return new Component() {
            @Override
            public void start() throws Exception {
                discovery.requireKnown();
            }

            @Override
            public void stop() {
                discovery.close();
            }
        };
    }

    private static Component component(Collection<Authenticator> authenticators) {
        return new Component() {
            @Override
            public void start() {
                // They open nothing before they are asked, so that a start waits for no other system.
            }

            @Override
            public void stop() {
                authenticators.forEach(Authenticator::close);
            }
        };
    }

    private static Component component(Listener listener) {
        return new Component() {
            @Override
            public void start() throws Exception {
                listener.open();
            }

            @Override
            public void stop() {
                listener.close();
            }
        };
    }

    /** Lets go of what a service holds that never ran. */
    void abandon() {
        reloads.close();
        health.close();
        tracing.close(Duration.ZERO);
        metrics.close();
        logs.close();
        ended.countDown();
    }

    /**
     * Stops in order: readiness off, serve on for the drain delay, stop accepting, finish what is in flight, close
     * components in reverse, flush telemetry. Each step has a deadline and a log line.
     *
     * <p>Returns when all is done, also where another thread had begun it; at once where the service never ran.
     */
    public void stop() {
        if (!lifecycle.stopping()) {
            awaitEnd();
            return;
        }
        reloads.close();
        Context.of(name).run(this::stopInOrder);
        lifecycle.stopped();
        logs.close();
        ended.countDown();
    }

    private void stopInOrder() {
        var stop = bound.stop();
        var doors = new Doors(opened(listener), furtherListeners.values(), time);
        var sequence = new StopSequence(time);
        if (discovery.isAnnounced()) {
            // Before anything else, so that callers go elsewhere while this one still serves.
            sequence.step("deregister", bound.discovery().timeout().plus(STEP), () -> {
                discovery.withdraw();
                return null;
            });
        }
        sequence.step("readiness off", STEP, () -> {
                    doors.drain();
                    registries.forEach(RegistryRoutes::drain);
                    return null;
                })
                .step("drain delay", stop.drainDelay().get().plus(STEP), () -> {
                    time.sleep(stop.drainDelay().get());
                    return null;
                })
                .step("stop accepting", STEP, () -> {
                    doors.stopAccepting();
                    return null;
                })
                .step("finish in flight", stop.inFlightTimeout().get().plus(STEP), () -> {
                    int begun = doors.inFlight();
                    int left = doors.awaitIdle(stop.inFlightTimeout().get());
                    return begun + " requests, " + left + " cut off";
                });
        var open = lifecycle.openNames();
        for (var component : open.subList(0, open.size() - 1)) {
            sequence.step("close " + component, stop.componentTimeout().get(), () -> {
                lifecycle.stopLast();
                return null;
            });
        }
        sequence.step("flush telemetry", stop.flushTimeout().get().plus(STEP), () -> {
            tracing.close(stop.flushTimeout().get());
            return null;
        });
        sequence.step("close " + open.getLast(), stop.componentTimeout().get(), () -> {
            lifecycle.stopLast();
            return null;
        });
        sequence.run();
        health.close();
        metrics.close();
    }

    /** Blocks until the service has ended, whoever stops it. */
    public void awaitEnd() {
        boolean interrupted = false;
        while (true) {
            try {
                ended.await();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The same as {@link #stop()}. */
    @Override
    public void close() {
        stop();
    }
}
