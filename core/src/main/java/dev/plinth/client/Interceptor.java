package dev.plinth.client;

/**
 * Something around each call of a client: {@code pricing.intercept((call, next) -> next.proceed(call.header("X-Shop",
 * shop)))}. It sees a call once, whatever attempts are made at it. Must be thread-safe.
 */
@FunctionalInterface
public interface Interceptor {
    /** Answers, most often by {@link Next#proceed}. */
    Answer intercept(Call call, Next next);

    /** What comes after it. */
    @FunctionalInterface
    interface Next {
        /** Makes the call; throws what {@link Call#as} does. */
        Answer proceed(Call call);
    }
}
