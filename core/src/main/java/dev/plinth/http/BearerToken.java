package dev.plinth.http;

import dev.plinth.error.Problem;
import dev.plinth.secret.Secret;

/**
 * A filter that lets those through who show one token, in {@code Authorization: Bearer} (RFC 6750); all others get 401
 * {@code NO_TOKEN}. Compares in a time that tells nothing. Thread-safe.
 *
 * @param token what has to be shown
 * @param who wants it, and where it is configured, for the refusal: {@code the registry wants its token}
 */
public record BearerToken(Secret token, String who) implements Filter {
    private static final String SCHEME = "Bearer ";

    @Override
    public Response filter(Request request, Next next) throws Exception {
        require(request);
        return next.proceed(request);
    }

    /**
     * Judges one request.
     *
     * @throws Problem if it does not show the token
     */
    public void require(Request request) {
        var given = request.header("authorization").orElse("");
        if (!given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                || !token.matches(given.substring(SCHEME.length()).strip())) {
            throw Problem.unauthorized("NO_TOKEN", who);
        }
    }
}
