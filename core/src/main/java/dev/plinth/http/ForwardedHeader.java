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
    /** {@code X-Forwarded-Prefix}: what the proxy took off the path. */
    X_FORWARDED_PREFIX,
    /** {@code Forwarded} (RFC 7239), which says for, proto and host in one. */
    FORWARDED
}
