package dev.plinth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTimeoutTest {
    @ParameterizedTest
    @CsvSource({
        "x-request-timeout-ms, 250, PT0.25S",
        "x-request-timeout-ms, 0, PT0S",
        "grpc-timeout, 2S, PT2S",
        "grpc-timeout, 1M, PT1M",
        "grpc-timeout, 3H, PT3H",
        "grpc-timeout, 800m, PT0.8S",
        "grpc-timeout, 5u, PT0.000005S",
        "grpc-timeout, 7n, PT0.000000007S",
        "x-envoy-expected-rq-timeout-ms, 90, PT0.09S",
        "x-request-timeout-ms, 999999999999, PT277H46M40S"
    })
    void reads(String header, String value, Duration expected) {
        assertThat(RequestTimeout.of(Map.of(header, value)::get)).isEqualTo(expected);
    }

    @Test
    void oursWinsOverGrpcsOverEnvoys() {
        var all = Map.of("x-request-timeout-ms", "1", "grpc-timeout", "2m", "x-envoy-expected-rq-timeout-ms", "3");
        assertThat(RequestTimeout.of(all::get)).isEqualTo(Duration.ofMillis(1));
        assertThat(RequestTimeout.of(Map.of("grpc-timeout", "2m", "x-envoy-expected-rq-timeout-ms", "3")::get))
                .isEqualTo(Duration.ofMillis(2));
        assertThat(RequestTimeout.of(_ -> null)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "x-request-timeout-ms, soon, header X-Request-Timeout-Ms: 'soon' (expected: at most 12 digits)",
        "x-request-timeout-ms, -5, header X-Request-Timeout-Ms: '-5' (expected: at most 12 digits)",
        "x-request-timeout-ms, 1234567890123, header X-Request-Timeout-Ms: '1234567890123' (expected: at most 12 digits)",
        "grpc-timeout, 5, 'header grpc-timeout: ''5'' (expected: a number and one of H M S m u n, such as 800m)'",
        "grpc-timeout, S, header grpc-timeout: 'S' (expected: at most 12 digits)",
        "x-envoy-expected-rq-timeout-ms, 1.5, header x-envoy-expected-rq-timeout-ms: '1.5' (expected: at most 12 digits)"
    })
    void refusesWhatIsNoNumber(String header, String value, String message) {
        assertThatThrownBy(() -> RequestTimeout.of(Map.of(header, value)::get)).hasMessage("BAD_DEADLINE: " + message);
    }
}
