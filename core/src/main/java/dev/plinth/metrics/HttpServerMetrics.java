package dev.plinth.metrics;

import dev.plinth.context.TraceIds;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The requests that a service answers at one listener: {@code http_server_requests_seconds} by listener, method, route and
 * status, and how many are in flight at all of them.
 *
 * <p>Recording allocates nothing and loads nothing, so that it may stand between two requests of one connection.
 * Thread-safe.
 */
public final class HttpServerMetrics {
    /** The {@code uri} of what matched no route: a raw path would be a series of the client's own choice. */
    public static final String UNMATCHED = "NOT_FOUND";

    private final String listener;
    private final HistogramFamily family;
    private final RequestHistograms histograms;
    private final LongAdder inFlight;
    private final boolean enabled;

    HttpServerMetrics(Metrics metrics) {
        this.listener = "http";
        this.enabled = metrics.config().enabled();
        this.family = metrics.family(
                "http_server_requests_seconds",
                "Requests answered, by route.",
                List.of("listener", "method", "uri", "status"));
        this.histograms = new RequestHistograms(family);
        this.inFlight = new LongAdder();
    }

    private HttpServerMetrics(String listener, HttpServerMetrics other) {
        this.listener = listener;
        this.enabled = other.enabled;
        this.family = other.family;
        this.histograms = other.histograms;
        this.inFlight = other.inFlight;
    }

    /** The same for another listener. */
    HttpServerMetrics of(String otherListener) {
        return new HttpServerMetrics(otherListener, this);
    }

    /** A request has come. Each call is followed by one of {@link #finished}. */
    public void started() {
        if (enabled) {
            inFlight.increment();
        }
    }

    /**
     * Its answer was sent, or could not be.
     *
     * @param route the pattern that matched, {@code /orders/{id}}; null where none did
     * @param nanos how long it took
     * @param trace a sampled one is shown as the exemplar of its bucket
     */
    public void finished(String method, @Nullable String route, int status, long nanos, TraceIds trace) {
        if (enabled) {
            inFlight.decrement();
            var uri = route == null ? UNMATCHED : route;
            histograms
                    .get(listener, RequestHistograms.method(method), uri, status)
                    .record(nanos, trace);
        }
    }

    long inFlight() {
        return inFlight.sum();
    }

    HistogramFamily family() {
        return family;
    }
}
