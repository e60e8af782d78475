package dev.plinth.trace;

import dev.plinth.secret.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The section {@code trace}.
 *
 * @param endpoint where spans are sent, by OTLP over HTTP: {@code http://collector:4318}; {@code /v1/traces} is added
 *     where the address has no path of its own. Without it trace ids are continued and logged, and no span is recorded
 * @param headers sent with the spans: what the collector wants to see for authentication
 * @param sampling the share of the traces beginning here that is recorded, 0 to 1; a trace that comes in keeps what its
 *     caller decided
 * @param b3 whether B3 headers go out beside {@code traceparent}
 * @param baggage the keys that may come in with W3C Baggage, beside {@code request_id}; all others stop here
 * @param queue how many ended spans may wait for the collector; more are dropped and counted
 * @param batch how many spans are sent at once
 * @param interval how long a span waits for others before it is sent
 * @param timeout how long the collector may take for one batch, tries after a failure included
 */
public record TraceConfig(
        Optional<URI> endpoint,
        Map<String, Secret> headers,
        double sampling,
        B3 b3,
        List<String> baggage,
        int queue,
        int batch,
        Duration interval,
        Duration timeout) {
    public TraceConfig {
        headers = Map.copyOf(headers);
        baggage = List.copyOf(baggage);
    }

    /** Ids only: what holds where nothing is configured. */
    public static TraceConfig defaults() {
        return new TraceConfig(
                Optional.empty(),
                Map.of(),
                1,
                B3.NONE,
                List.of(),
                2048,
                512,
                Duration.ofSeconds(1),
                Duration.ofSeconds(10));
    }

    /** The same with an address for the spans. */
    public TraceConfig withEndpoint(URI newEndpoint) {
        return new TraceConfig(
                Optional.of(newEndpoint), headers, sampling, b3, baggage, queue, batch, interval, timeout);
    }

    /** The same with another share of recorded traces. */
    public TraceConfig withSampling(double newSampling) {
        return new TraceConfig(endpoint, headers, newSampling, b3, baggage, queue, batch, interval, timeout);
    }
}
