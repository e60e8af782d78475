package dev.plinth.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.error.Problem;
import dev.plinth.time.ManualTime;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FallbackTest {
    private final Fallback fallback = Fallback.of("pricing", new ManualTime());

    private <X extends Exception> String answer(X failure) throws X {
        return fallback.call(
                () -> {
                    throw failure;
                },
                cause -> "instead of " + cause.getMessage());
    }

    @Test
    void answersForAFailure() throws Exception {
        assertThat(answer(new IOException("down"))).isEqualTo("instead of down");
        assertThat(answer(Problem.unavailable("DOWN", "down"))).isEqualTo("instead of DOWN: down");
        assertThat(fallback.snapshot().figures()).containsEntry("used", 2L);
    }

    @Test
    void answersForTheRefusalOfAPolicyAndForATimeOut() {
        var limiter = RateLimiter.of(
                "pricing",
                new RateLimitConfig(1, java.time.Duration.ofHours(1), 1, java.time.Duration.ZERO),
                new ManualTime());
        limiter.call(() -> "ok");
        assertThat(fallback.<String, RuntimeException>call(() -> limiter.call(() -> "ok"), _ -> "last known"))
                .isEqualTo("last known");
        var late = Problem.deadlineExceeded("late").causedBy(new InterruptedException());
        assertThat(fallback.<String, RuntimeException>call(
                        () -> {
                            throw late;
                        },
                        _ -> "last known"))
                .isEqualTo("last known");
    }

    @Test
    void letsTheCallersFaultInterruptionsAndErrorsPass() {
        assertThatThrownBy(() -> answer(Problem.notFound("NO_ITEM", "no item"))).hasMessage("NO_ITEM: no item");
        assertThatThrownBy(() -> answer(new InterruptedException())).isInstanceOf(InterruptedException.class);
        assertThatThrownBy(() -> fallback.call(
                        () -> {
                            throw new StackOverflowError();
                        },
                        _ -> "instead"))
                .isInstanceOf(StackOverflowError.class);
        assertThat(fallback.snapshot().figures()).containsEntry("used", 0L);
    }

    @Test
    void anAlternativeThatFailsKeepsTheFirstFailure() {
        assertThatThrownBy(() -> fallback.<String, IOException>call(
                        () -> {
                            throw new IOException("down");
                        },
                        _ -> {
                            throw new IllegalStateException("no last known value");
                        }))
                .hasMessage("no last known value")
                .satisfies(thrown -> assertThat(thrown.getSuppressed()[0]).hasMessage("down"));
    }
}
