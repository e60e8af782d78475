package dev.plinth.trace;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.schema.Percent;
import dev.plinth.schema.Schema;
import dev.plinth.secret.Secret;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
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
 * @param sampling the share of the traces beginning here that is recorded; a trace that comes in keeps what its caller
 *     decided
 * @param b3 whether B3 headers go out beside {@code traceparent}
 * @param baggage the keys that may come in with W3C Baggage, beside {@code request_id}; all others stop here
 * @param queue how many ended spans may wait for the collector; more are dropped and counted
 * @param batch how many spans are sent at once
 * @param interval how long a span waits for others before it is sent
 * @param timeout how long the collector may take for one batch, tries after a failure included
 */
public record TraceConfig(
        @Doc("Where spans are sent by OTLP over HTTP, such as http://collector:4318; without it none is recorded.")
                Optional<URI> endpoint,
        @Default("") @Doc("Headers that are sent with the spans.") Map<@NotBlank String, @NotNull Secret> headers,
        @Default("100%") @DecimalMax("100%") @Doc("The share of the traces beginning here that is recorded.")
                Percent sampling,
        @Default("none") @NotNull @Doc("Which B3 headers go out beside traceparent.") B3 b3,
        @Default("") @Doc("The keys that may come in with W3C Baggage, beside request_id.")
                List<@NotBlank String> baggage,
        @Default("2048") @Positive @Doc("How many ended spans may wait for the collector.") int queue,
        @Default("512") @Positive @Doc("How many spans are sent at once.") int batch,
        @Default("1s") @Positive @Doc("How long a span waits for others before it is sent.") Duration interval,
        @Default("10s") @Positive @Doc("How long the collector may take for one batch.") Duration timeout) {
    public TraceConfig {
        headers = Map.copyOf(headers);
        baggage = List.copyOf(baggage);
        if (endpoint.isPresent() && !isHttp(endpoint.get())) {
            throw new IllegalArgumentException(
                    "endpoint '" + endpoint.get() + "' is not an address of HTTP (expected: http://collector:4318)");
        }
    }

    private static boolean isHttp(URI endpoint) {
        var scheme = endpoint.getScheme();
        return ("http".equals(scheme) || "https".equals(scheme)) && endpoint.getHost() != null;
    }

    /** Ids only: what holds where nothing is configured. */
    public static TraceConfig defaults() {
        return Schema.of(TraceConfig.class).defaults();
    }

    /** The same with an address for the spans. */
    public TraceConfig withEndpoint(URI newEndpoint) {
        return new TraceConfig(
                Optional.of(newEndpoint), headers, sampling, b3, baggage, queue, batch, interval, timeout);
    }

    /** The same with another share of recorded traces. */
    public TraceConfig withSampling(Percent newSampling) {
        return new TraceConfig(endpoint, headers, newSampling, b3, baggage, queue, batch, interval, timeout);
    }
}
