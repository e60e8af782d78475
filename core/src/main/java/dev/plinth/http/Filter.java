package dev.plinth.http;

/**
 * Goes around a handler: sees the request before it and the response after it, may answer by itself, may change either.
 *
 * <pre>{@code
 * service.http().filter((request, next) -> next.proceed(request).withHeader("Cache-Control", "no-store"));
 * }</pre>
 *
 * <p>Filters run in the order in which they were added, after trace, metrics, deadline and admission, and before the
 * route's handler reads the body. One is shared by all threads, so it must be thread-safe.
 */
@FunctionalInterface
public interface Filter {
    /** Answers {@code request}, usually by {@code next.proceed(request)}. */
    Response filter(Request request, Next next) throws Exception;

    /** The rest of the way: the next filter, at last the handler. */
    @FunctionalInterface
    interface Next {
        /** Goes on. To be called once at most. */
        Response proceed(Request request) throws Exception;
    }
}
