package dev.plinth.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A cookie to set, by RFC 6265: unless told otherwise out of reach for scripts ({@code HttpOnly}), over TLS alone ({@code
 * Secure}; browsers make an exception for localhost), not sent along with requests that other sites cause ({@code
 * SameSite=Lax}), for all paths, and gone when the browser ends.
 *
 * <pre>{@code return Response.noContent().withCookie(Cookie.of("session", id).withMaxAge(Duration.ofHours(8)));}</pre>
 *
 * <p>Immutable.
 *
 * @param name a token
 * @param value visible ASCII without quotes, commas, semicolons and backslashes; encode what may hold others
 * @param maxAge how long the browser keeps it; zero removes it, null is until the browser ends
 * @param path the paths that it is sent to
 * @param domain the hosts that it is sent to; null is this one and no other
 * @param secure whether it is sent over TLS alone
 * @param httpOnly whether scripts don't see it
 * @param sameSite which requests of other sites carry it
 */
public record Cookie(
        String name,
        String value,
        @Nullable Duration maxAge,
        String path,
        @Nullable String domain,
        boolean secure,
        boolean httpOnly,
        SameSite sameSite) {

    /** Which requests that another site causes carry the cookie. */
    public enum SameSite {
        /** None. */
        STRICT("Strict"),
        /** Those that open a page here: a followed link. */
        LAX("Lax"),
        /** All; the cookie must be {@code Secure}. */
        NONE("None");

        private final String text;

        SameSite(String text) {
            this.text = text;
        }
    }

    /**
     * Judges it.
     *
     * @throws IllegalArgumentException if a part holds what it can't, or a browser would refuse the whole
     */
    public Cookie {
        new Response.Header(name, "");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c >= 127 || "\",;\\".indexOf(c) >= 0) {
                throw new IllegalArgumentException("cookie " + name + ": character " + i
                        + " of its value (expected: visible ASCII without \" , ; and \\). Encode it.");
            }
        }
        attribute(name, "path", path);
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException(
                    "cookie " + name + ": path '" + path + "' (expected: one that begins with /)");
        }
        if (domain != null) {
            attribute(name, "domain", domain);
        }
        if (sameSite == SameSite.NONE && !secure) {
            throw new IllegalArgumentException(
                    "cookie " + name + ": SameSite=None without Secure, which browsers refuse");
        }
        if (name.startsWith("__Secure-") && !secure) {
            throw new IllegalArgumentException("cookie " + name + ": its name promises Secure");
        }
        if (name.startsWith("__Host-") && (!secure || domain != null || !path.equals("/"))) {
            throw new IllegalArgumentException(
                    "cookie " + name + ": its name promises Secure, the path / and no domain");
        }
    }

    private static void attribute(String name, String what, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 127 || c == ';' || c == ',') {
                throw new IllegalArgumentException("cookie " + name + ": character " + i + " of its " + what
                        + " (expected: visible ASCII without , and ;)");
            }
        }
    }

    /** A cookie with the safe attributes. */
    public static Cookie of(String name, String value) {
        return new Cookie(name, value, null, "/", null, true, true, SameSite.LAX);
    }

    /** What removes the cookie of that name (and of the path {@code /}) from the browser. */
    public static Cookie removed(String name) {
        return of(name, "").withMaxAge(Duration.ZERO);
    }

    /** The same, kept for that long. */
    public Cookie withMaxAge(Duration newMaxAge) {
        return new Cookie(name, value, newMaxAge, path, domain, secure, httpOnly, sameSite);
    }

    /** The same for these paths alone. */
    public Cookie withPath(String newPath) {
        return new Cookie(name, value, maxAge, newPath, domain, secure, httpOnly, sameSite);
    }

    /** The same for another set of foreign requests. */
    public Cookie withSameSite(SameSite newSameSite) {
        return new Cookie(name, value, maxAge, path, domain, secure, httpOnly, newSameSite);
    }

    /** The same, also sent without TLS. */
    public Cookie insecure() {
        return new Cookie(name, value, maxAge, path, domain, false, httpOnly, sameSite);
    }

    /** The value of {@code Set-Cookie}. */
    @Override
    public String toString() {
        return name + "=" + value
                + (maxAge == null ? "" : "; Max-Age=" + maxAge.toSeconds())
                + (domain == null ? "" : "; Domain=" + domain)
                + "; Path=" + path
                + (secure ? "; Secure" : "")
                + (httpOnly ? "; HttpOnly" : "")
                + "; SameSite=" + sameSite.text;
    }
}
