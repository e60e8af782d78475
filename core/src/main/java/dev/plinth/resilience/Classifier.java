package dev.plinth.resilience;

import org.jspecify.annotations.Nullable;

/**
 * Judges how a call ended, so that one place says what a failure is, for all policies. Must be thread-safe, and should
 * allocate nothing on success: return the constants of {@link Verdict}.
 *
 * <p>Most need only {@link #threw} of {@link #STANDARD} and a look at the result:
 *
 * <pre>{@code
 * Classifier byStatus = result -> result instanceof Answer answer && answer.status() >= 500
 *         ? Verdict.FAILURE : Verdict.SUCCESS;
 * }</pre>
 */
@FunctionalInterface
public interface Classifier {
    /**
     * A result is a success. What is thrown: a {@link dev.plinth.error.Problem} by its status, so that 5xx are failures, 408 and 429 may be
     * repeated, and other 4xx are the caller's fault and as good as a success; a problem with the member {@code
     * "retryable": false} failed further down and is ignored; with {@code "retry_after"} it is left alone for those
     * seconds. A refused connection or an unknown host was never sent. Interruption and an {@link Error} say nothing of
     * the other side. Any other exception is a failure.
     */
    Classifier STANDARD = _ -> Verdict.SUCCESS;

    /** Judges what the call returned. */
    Verdict returned(@Nullable Object result);

    /** Judges what the call threw. If not overridden, as {@link #STANDARD} does. */
    default Verdict threw(Throwable failure) {
        return Failures.judge(failure);
    }
}
