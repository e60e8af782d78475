package dev.plinth.http;

/** A header by which a proxy says what it was asked. */
public enum ForwardedHeader {
    /** {@code X-Forwarded-For}: the client, and the proxies behind it. */
    X_FORWARDED_FOR,
    /** {@code X-Forwarded-Proto}: http or https. */
    X_FORWARDED_PROTO,
    /** {@code X-Forwarded-Host}: what the client called it. */
    X_FORWARDED_HOST,
    /** {@code X-Forwarded-Port}: the port that the client named, where the host doesn't say it. */
    X_FORWARDED_PORT,
    /** {@code X-Forwarded-Prefix}: the prefix of the path below which the client sees the service. */
    X_FORWARDED_PREFIX,
    /** {@code X-Script-Name}: the same, as WSGI has it. Wins over {@code X-Forwarded-Prefix} where both are there. */
    X_SCRIPT_NAME,
    /** {@code X-Scheme}: http or https, where {@code X-Forwarded-Proto} doesn't say it. */
    X_SCHEME,
    /** {@code Forwarded} (RFC 7239), which says for, proto and host in one. */
    FORWARDED;

    /** Whether it says what {@link #FORWARDED} says. */
    boolean isUsual() {
        return switch (this) {
            case X_FORWARDED_FOR, X_FORWARDED_PROTO, X_FORWARDED_HOST, X_FORWARDED_PORT, X_SCHEME -> true;
            case X_FORWARDED_PREFIX, X_SCRIPT_NAME, FORWARDED -> false;
        };
    }
}
