package dev.plinth.metrics;

import dev.plinth.context.TraceIds;
import java.util.List;

/**
 * The calls that a service makes: {@code http_client_requests_seconds} by client, method, route and status.
 *
 * <p>Thread-safe.
 */
public final class HttpClientMetrics {
    private final HistogramFamily family;
    private final RequestHistograms histograms;
    private final boolean enabled;

    HttpClientMetrics(Metrics metrics) {
        this.enabled = metrics.config().enabled();
        this.family = metrics.family(
                "http_client_requests_seconds",
                "Calls to other services, by client and route.",
                List.of("client", "method", "uri", "status"));
        this.histograms = new RequestHistograms(family);
    }

    /**
     * A call, or one try of it, has ended.
     *
     * @param client the name that the service calls it by
     * @param route the pattern of the path, {@code /quotes/{id}}; never a path with ids in it
     * @param status the answer's; 0 where none came, shown as {@code NO_ANSWER}
     * @param nanos how long it took
     */
    public void finished(String client, String method, String route, int status, long nanos, TraceIds trace) {
        if (enabled) {
            histograms
                    .get(client, RequestHistograms.method(method), route, status)
                    .record(nanos, trace);
        }
    }

    HistogramFamily family() {
        return family;
    }
}
