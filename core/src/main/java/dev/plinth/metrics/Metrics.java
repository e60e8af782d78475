package dev.plinth.metrics;

import dev.plinth.time.Time;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The meters of one service: those of the chassis, those of the JVM, and the service's own, for Prometheus to read.
 *
 * <pre>{@code
 * var placed = metrics.counter("orders_placed");
 * metrics.gauge("orders_open", orders::size);
 * var quote = metrics.time("quote_calculation", () -> desk.quote(order));
 * }</pre>
 *
 * <p>Counters, gauges and summaries are Micrometer's. Its registry is there at the first need, or with {@link #warmUp}, or
 * when somebody asks for {@link #registry}: it takes tens of milliseconds, which a service should not spend before it
 * answers. Requests and code timers are measured without it. All series carry the label {@code service}; each meter has
 * {@link MetricsConfig#maxSeries} of them at most. Thread-safe.
 */
public final class Metrics {
    private static final Logger log = LoggerFactory.getLogger(Metrics.class);

    private final String service;
    private final MetricsConfig config;
    private final Time time;
    private final Overflow overflow = new Overflow();
    private final HttpServerMetrics httpServer;
    private final HttpClientMetrics httpClient;
    private final ConcurrentHashMap<String, HistogramFamily> timers = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<List<String>, DeferredCounter> deferred = new ConcurrentHashMap<>();
    private final List<MeterBinder> binders = new ArrayList<>();
    private volatile @Nullable Registry registry;
    private boolean closed;

    /** The metrics of {@code service}; opens nothing. */
    public Metrics(String service, MetricsConfig config, Time time) {
        this.service = service;
        this.config = config;
        this.time = time;
        this.httpServer = new HttpServerMetrics(this);
        this.httpClient = new HttpClientMetrics(this);
    }

    /** How it is configured. */
    public MetricsConfig config() {
        return config;
    }

    /** Where the HTTP door reports the requests that it answers. */
    public HttpServerMetrics httpServer() {
        return httpServer;
    }

    /** The same for a further listener. */
    public HttpServerMetrics httpServer(String listener) {
        return httpServer.of(listener);
    }

    /** Where the HTTP clients report their calls. */
    public HttpClientMetrics httpClient() {
        return httpClient;
    }

    HistogramFamily family(String name, String help, List<String> labelNames) {
        return new HistogramFamily(name, help, labelNames, config, overflow, time);
    }

    /**
     * The counter of that name and those tags, {@code metrics.counter("orders_placed", "kind", "gift")}; it is made when
     * it is asked for the first time. Keep it in a field where it is used often.
     *
     * @throws IllegalArgumentException if the tags aren't pairs of key and value
     */
    public Counter counter(String name, String... tags) {
        var open = registry;
        if (open == null) {
            synchronized (this) {
                open = registry;
                if (open == null && deferred.size() < config.maxSeries()) {
                    return deferred.computeIfAbsent(key(name, tags), _ -> {
                        var counter = new DeferredCounter(name, tags.clone());
                        binders.add(counter::bind);
                        return counter;
                    });
                }
            }
        }
        return registry().counter(name, tags);
    }

    private static List<String> key(String name, String... tags) {
        checkPairs(name, tags);
        var key = new ArrayList<String>(tags.length + 1);
        key.add(name);
        key.addAll(List.of(tags));
        return key;
    }

    private static void checkPairs(String name, String... tags) {
        if (tags.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "Tags of '" + name + "': " + List.of(tags) + " (expected: pairs of key and value)");
        }
    }

    /** A counter whose value somebody else keeps; it must never go down. */
    public void counter(String name, String help, LongSupplier value, String... tags) {
        checkPairs(name, tags);
        bind(to -> FunctionCounter.builder(name, value, LongSupplier::getAsLong)
                .description(help)
                .tags(tags)
                .register(to));
    }

    /** A value that goes up and down, asked for when Prometheus reads. */
    public void gauge(String name, Supplier<Number> value, String... tags) {
        checkPairs(name, tags);
        bind(to -> Gauge.builder(name, value).tags(tags).register(to));
    }

    /** A distribution of sizes or amounts: how many, their sum, and the largest of late. For durations take a timer. */
    public DistributionSummary summary(String name, String... tags) {
        return registry().summary(name, tags);
    }

    /**
     * The code timer of that name and those tags; each use of a name gives the same keys.
     *
     * @throws IllegalArgumentException if the tags aren't pairs, or not those of an earlier use
     */
    public CodeTimer timer(String name, String... tags) {
        checkPairs(name, tags);
        var keys = new ArrayList<String>(tags.length / 2);
        var values = new ArrayList<String>(tags.length / 2);
        for (int i = 0; i < tags.length; i += 2) {
            keys.add(tags[i]);
            values.add(tags[i + 1]);
        }
        var family = timers.get(name);
        if (family == null) {
            family = createTimer(name, keys);
        }
        if (!family.labelNames().equals(keys)) {
            throw new IllegalArgumentException("Timer '" + name + "': tags " + keys + " (expected: "
                    + family.labelNames() + ", as where it was used first)");
        }
        return new CodeTimer(name, family.series(values), time);
    }

    private HistogramFamily createTimer(String name, List<String> keys) {
        synchronized (timers) {
            if (timers.size() >= config.maxSeries() && !timers.containsKey(name)) {
                overflow.count("timers", config.maxSeries());
                return timers.computeIfAbsent(Overflow.OTHER, other -> timerFamily(other, keys));
            }
            return timers.computeIfAbsent(name, made -> timerFamily(made, keys));
        }
    }

    private HistogramFamily timerFamily(String name, List<String> keys) {
        return family(MeterNames.prometheus(name) + "_seconds", MeterNames.inWords(name), List.copyOf(keys));
    }

    /** Calls {@code block}, measures it under {@code name}, and passes on what it returns or throws. */
    public <T extends @Nullable Object, X extends Throwable> T time(String name, ScopedValue.CallableOp<T, X> block)
            throws X {
        return timer(name).time(block);
    }

    /** Runs {@code block} likewise. */
    public void time(String name, Runnable block) {
        timer(name).time(block);
    }

    /** What the code timers have seen, by name. */
    public List<TimerStats> timerStats() {
        var stats = new ArrayList<TimerStats>();
        timers.forEach((name, family) -> family.all().forEach(histogram -> stats.add(histogram.stats(name))));
        stats.sort((a, b) -> a.name().compareTo(b.name()));
        return stats;
    }

    /** Publishes {@code logger_messages_total} by level; {@code counts} gives how many messages of a level there were. */
    public void loggerMessages(ToLongFunction<Level> counts) {
        for (var level : Level.values()) {
            counter(
                    "logger_messages",
                    "Log messages, by level.",
                    () -> counts.applyAsLong(level),
                    "level",
                    level.name());
        }
    }

    /**
     * Gives {@code binder} the registry as soon as there is one: Micrometer's way to measure a library. {@code
     * metrics.bind(new HikariMetrics(...))}, {@code metrics.bind(registry -> ...)}.
     */
    public void bind(MeterBinder binder) {
        synchronized (this) {
            binders.add(binder); // also kept so that what it holds is not collected: gauges hold it weakly
            if (registry == null) {
                return;
            }
        }
        binder.bindTo(registry());
    }

    /** Micrometer's registry with all it can do, opened now if it wasn't. There is no global one. */
    public MeterRegistry registry() {
        var open = registry;
        return (open != null ? open : open()).meters();
    }

    private synchronized Registry open() {
        var open = registry;
        if (open == null) {
            open = new Registry(service, config, time, overflow);
            registry = open;
            for (var binder : List.copyOf(binders)) {
                bindQuietly(binder, open);
            }
            deferred.clear();
        }
        return open;
    }

    private static void bindQuietly(MeterBinder binder, Registry to) {
        try {
            binder.bindTo(to.meters());
        } catch (RuntimeException failed) {
            log.warn("Meters of {} can't be registered and are missing", binder, failed);
        }
    }

    /** Loads Micrometer and measures the JVM from now on. Call it in the background, once the service is ready. */
    public synchronized void warmUp() {
        if (!closed && config.enabled()) {
            open().bindJvm();
        }
    }

    /**
     * All meters, as OpenMetrics 1.0 with exemplars where {@code accept} prefers that, else as Prometheus text 0.0.4.
     *
     * @param accept the request's {@code Accept}, or null
     */
    public Exposition scrape(@Nullable String accept) {
        warmUp();
        var families = new ArrayList<HistogramFamily>(timers.values());
        families.add(httpServer.family());
        families.add(httpClient.family());
        return open().scrape(accept, families, httpServer.inFlight());
    }

    /** Takes the JVM's listeners back. */
    public synchronized void close() {
        closed = true;
        if (registry != null) {
            registry.close();
        }
    }
}
