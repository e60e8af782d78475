package dev.plinth.http;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;
import java.util.List;

/**
 * Which pages of other origins may call from a browser, key {@code cors} of a listener. Without origins none may.
 *
 * @param origins such as {@code https://app.example.org}; {@code https://*.example.org} is every host below that; {@code
 *     *} is everybody, and then without credentials
 * @param methods what such pages may call with
 * @param headers what they may send; {@code *} is whatever they ask for
 * @param expose what they may read of an answer beside what they always may
 * @param credentials whether cookies and the like are sent along
 * @param maxAge how long a browser may keep the answer to its question
 */
public record CorsConfig(
        @Default("") @Doc("Origins whose pages may call, such as https://app.example.org; without one none may.")
                List<String> origins,
        @Default("GET, HEAD, POST, PUT, PATCH, DELETE") @Doc("What they may call with.") List<String> methods,
        @Default("Authorization, Content-Type, If-Match, If-None-Match, Last-Event-ID, X-Request-ID, X-Requested-With")
                @Doc("Request headers that they may send; * is whatever they ask for.")
                List<String> headers,
        @Default("ETag, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-ID")
                @Doc("Response headers that they may read.")
                List<String> expose,
        @Default("false") @Doc("Whether cookies and the like are sent along.") boolean credentials,
        @Default("1h") @PositiveOrZero @Doc("How long a browser may keep the answer to a preflight.") Duration maxAge) {
    public CorsConfig {
        for (var origin : origins) {
            if (!origin.equals("*")
                    && !origin.equals("null")
                    && !origin.matches("https?://(\\*\\.)?[A-Za-z0-9.-]+(:[0-9]{1,5})?")) {
                throw new IllegalArgumentException("origins: '" + origin
                        + "' (expected: scheme and host, such as https://app.example.org, without a path)");
            }
        }
        if (credentials && origins.contains("*")) {
            throw new IllegalArgumentException(
                    "credentials: true with the origin * would let every page act as its visitor. Name the origins.");
        }
    }
}
