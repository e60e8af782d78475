package dev.plinth.http;

import org.jspecify.annotations.Nullable;

/** Answers a request. */
@FunctionalInterface
public interface Handler {
    /**
     * Answers {@code request}.
     *
     * @return a {@link Response} as it is; an empty {@link java.util.Optional} is 404; null is 204; any other value is
     *     200 with the value as JSON
     * @throws dev.plinth.error.Problem to answer with that problem
     * @throws Exception anything else is logged with its stack and answered with 500 {@code INTERNAL_ERROR}
     */
    @Nullable
    Object handle(Request request) throws Exception;

    /** Answers a request whose body is a record. */
    @FunctionalInterface
    interface WithBody<T> {
        /** Answers; {@code body} is bound and every rule on it holds. What it returns is as in {@link Handler}. */
        @Nullable
        Object handle(T body) throws Exception;
    }

    /** Answers a request whose body is a record, and looks at the request as well. */
    @FunctionalInterface
    interface WithBodyAndRequest<T> {
        /** Answers; {@code body} is bound and every rule on it holds. What it returns is as in {@link Handler}. */
        @Nullable
        Object handle(T body, Request request) throws Exception;
    }
}
