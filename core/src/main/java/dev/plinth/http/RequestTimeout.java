package dev.plinth.http;

import dev.plinth.error.Problem;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How long the caller will wait, as it says: {@code X-Request-Timeout-Ms}, else {@code grpc-timeout}, else Envoy's {@code
 * x-envoy-expected-rq-timeout-ms}. Remaining time and not a moment, so that no two clocks need to agree.
 */
final class RequestTimeout {
    static final String HEADER = "X-Request-Timeout-Ms";

    private RequestTimeout() {}

    /** What was asked for; null if nothing was. */
    static @Nullable Duration of(Function<String, @Nullable String> header) {
        var ours = header.apply("x-request-timeout-ms");
        if (ours != null) {
            return parse(HEADER, ours, ours, ChronoUnit.MILLIS);
        }
        var grpc = header.apply("grpc-timeout");
        if (grpc != null) {
            var unit = grpc.isEmpty()
                    ? null
                    : switch (grpc.charAt(grpc.length() - 1)) {
                        case 'H' -> ChronoUnit.HOURS;
                        case 'M' -> ChronoUnit.MINUTES;
                        case 'S' -> ChronoUnit.SECONDS;
                        case 'm' -> ChronoUnit.MILLIS;
                        case 'u' -> ChronoUnit.MICROS;
                        case 'n' -> ChronoUnit.NANOS;
                        default -> null;
                    };
            if (unit == null) {
                throw refused("grpc-timeout", grpc, "a number and one of H M S m u n, such as 800m");
            }
            return parse("grpc-timeout", grpc, grpc.substring(0, grpc.length() - 1), unit);
        }
        var envoy = header.apply("x-envoy-expected-rq-timeout-ms");
        return envoy == null ? null : parse("x-envoy-expected-rq-timeout-ms", envoy, envoy, ChronoUnit.MILLIS);
    }

    private static Duration parse(String header, String whole, String digits, ChronoUnit unit) {
        boolean wellFormed = !digits.isEmpty() && digits.length() <= 12;
        for (int i = 0; i < digits.length() && wellFormed; i++) {
            wellFormed = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
        }
        if (!wellFormed) {
            throw refused(header, whole, "at most 12 digits");
        }
        return Duration.of(Math.min(Long.parseLong(digits), 1_000_000_000L), unit);
    }

    private static Problem refused(String header, String value, String expected) {
        return Problem.badRequest(
                "BAD_DEADLINE", "header " + header + ": '" + value + "' (expected: " + expected + ")");
    }
}
