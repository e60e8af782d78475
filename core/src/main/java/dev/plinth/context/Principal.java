package dev.plinth.context;

import java.util.Map;
import java.util.Set;

/**
 * On whose behalf the work is done. It prints without its claims, which hold what a person may not want in a log.
 *
 * @param name the subject as the authentication names it; empty for nobody. It is unique within {@code by} alone
 * @param roles what the caller may act as
 * @param by the name of the authenticator that knows the caller; empty for nobody
 * @param claims what else the credential says, such as the claims of a token; empty for other kinds
 */
public record Principal(String name, Set<String> roles, String by, Map<String, Object> claims) {
    /** Nobody: no authentication took place. */
    public static final Principal ANONYMOUS = new Principal("", Set.of());

    public Principal {
        roles = Set.copyOf(roles);
        claims = Map.copyOf(claims);
    }

    /** One of whom name and roles are known. */
    public Principal(String name, Set<String> roles) {
        this(name, roles, "", Map.of());
    }

    /** Whether it is nobody. */
    public boolean isAnonymous() {
        return name.isEmpty();
    }

    @Override
    public String toString() {
        return isAnonymous() ? "nobody" : name + (by.isEmpty() ? "" : " by " + by) + " " + roles;
    }
}
