package dev.plinth.http;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A way to show who one is, as a document of OpenAPI names it: {@link Http#describeSecurity}. Immutable.
 *
 * @param name by which the document refers to it; letters, digits and {@code ._-}
 * @param description the Security Scheme Object
 */
public record SecurityScheme(String name, Map<String, Object> description) {
    public SecurityScheme {
        if (!name.matches("[A-Za-z0-9._-]+")) {
            throw new IllegalArgumentException(
                    "security scheme '" + name + "' (expected: letters, digits and ._-, such as bearer)");
        }
        description = Collections.unmodifiableMap(new LinkedHashMap<>(description));
    }

    private static SecurityScheme of(String name, String... members) {
        var description = new LinkedHashMap<String, Object>();
        for (int i = 0; i < members.length; i += 2) {
            description.put(members[i], members[i + 1]);
        }
        return new SecurityScheme(name, description);
    }

    /** A token in {@code Authorization: Bearer}, in the form of a JWT. */
    public static SecurityScheme bearer(String name) {
        return of(name, "type", "http", "scheme", "bearer", "bearerFormat", "JWT");
    }

    /** Name and password in {@code Authorization: Basic}. */
    public static SecurityScheme basic(String name) {
        return of(name, "type", "http", "scheme", "basic");
    }

    /** A key in that header. */
    public static SecurityScheme apiKey(String name, String header) {
        return of(name, "type", "apiKey", "in", "header", "name", header);
    }

    /** A certificate of the client's. */
    public static SecurityScheme mutualTls(String name) {
        return of(name, "type", "mutualTLS");
    }
}
