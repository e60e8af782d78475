package dev.plinth.context;

import java.util.Set;

/**
 * On whose behalf the work is done.
 *
 * @param name the subject as the authentication names it; empty for nobody
 * @param roles what the caller may act as
 */
public record Principal(String name, Set<String> roles) {
    /** Nobody: no authentication took place. */
    public static final Principal ANONYMOUS = new Principal("", Set.of());

    public Principal {
        roles = Set.copyOf(roles);
    }
}
