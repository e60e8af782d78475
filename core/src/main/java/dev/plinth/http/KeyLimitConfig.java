package dev.plinth.http;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.util.Optional;

/**
 * How many requests one caller may make, key {@code rate-limit} of a listener.
 *
 * @param requests requests in {@code per}, of each caller
 * @param per the stretch of time
 * @param burst requests at one moment after a rest; as many as {@code requests} unless told otherwise
 * @param header the header that tells callers apart, such as {@code X-API-Key}; without it, and for requests without it,
 *     the address does (of IPv6 the network of 64 bits)
 * @param maxKeys callers that are counted apart; beyond it new ones share one count, so that memory is bounded
 */
public record KeyLimitConfig(
        @NotNull @Positive @Max(1_000_000) @Doc("Requests in `per`, of each caller.") Integer requests,
        @Default("1s") @Positive @Doc("The stretch of time that `requests` is of.") Duration per,
        @Doc("Requests at one moment after a rest; as many as `requests` unless set.")
                Optional<@Positive Integer> burst,
        @Doc("Header that tells callers apart; without it the address does.") Optional<String> header,
        @Default("100000") @Positive @Doc("Callers that are counted apart; beyond it new ones share one count.")
                int maxKeys) {}
