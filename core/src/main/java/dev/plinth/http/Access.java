package dev.plinth.http;

import dev.plinth.context.Principal;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who may call a route.
 *
 * <pre>{@code
 * service.http().group("/orders/{id}", order -> order
 *         .access(Access.roles("clerk").or(Access.owner(request -> orders.ownerOf(request.path("id")))), routes -> routes
 *                 .get("", request -> orders.get(request.path("id")))));
 * }</pre>
 *
 * <p>A rule sees a principal that is known by then; who isn't gets 401 before it is asked, unless the rule lets anybody in.
 * Who may not gets 403. Immutable, thread-safe as far as the functions of {@link #owner} are.
 */
public final class Access {
    /** Says to whom the thing belongs that a request is about. */
    @FunctionalInterface
    public interface Owner {
        /**
         * The {@link Principal#name} of the owner; null for nobody.
         *
         * @throws dev.plinth.error.Problem to answer with it, such as 404 where there is no such thing
         */
        @Nullable
        String of(Request request) throws Exception;
    }

    @FunctionalInterface
    private interface Test {
        boolean allows(Principal principal, Request request) throws Exception;
    }

    private static final Access ANYBODY = new Access((_, _) -> true, true, "anybody", Set.of(), Set.of());
    private static final Access SIGNED = new Access((_, _) -> true, false, "anybody who is known", Set.of(), Set.of());

    private final Test test;
    private final boolean open;
    private final String text;
    private final Set<String> roles;
    private final Set<String> authenticators;

    private Access(Test test, boolean open, String text, Set<String> roles, Set<String> authenticators) {
        this.test = test;
        this.open = open;
        this.text = text;
        this.roles = roles;
        this.authenticators = authenticators;
    }

    /**
     * Everybody, known or not. Where the credentials hold the principal is there all the same; where they don't, the caller is
     * nobody.
     */
    public static Access anybody() {
        return ANYBODY;
    }

    /** Everybody who is known. */
    public static Access signed() {
        return SIGNED;
    }

    /** Everybody who is known by one of these authenticators, named as under {@code auth}. */
    public static Access by(String... authenticators) {
        var names = named("authenticator", authenticators);
        return new Access(
                (principal, _) -> names.contains(principal.by()),
                false,
                "whom " + String.join(" or ", names) + " knows",
                Set.of(),
                names);
    }

    /** Who has at least one of these roles. */
    public static Access roles(String... roles) {
        var names = named("role", roles);
        return new Access(
                (principal, _) -> principal.roles().stream().anyMatch(names::contains),
                false,
                (names.size() == 1 ? "role " : "roles ") + String.join(" or ", names),
                names,
                Set.of());
    }

    /** To whom the thing belongs that the request is about. It is asked after the rules before it, so it may look it up. */
    public static Access owner(Owner owner) {
        return new Access(
                (principal, request) -> principal.name().equals(owner.of(request)),
                false,
                "its owner",
                Set.of(),
                Set.of());
    }

    private static Set<String> named(String what, String... names) {
        var all = new TreeSet<String>();
        for (var name : names) {
            if (name.isBlank() || !all.add(name)) {
                throw new IllegalArgumentException(
                        what + " '" + name + "' (expected: names, each once, such as " + what + " clerk)");
            }
        }
        if (all.isEmpty()) {
            throw new IllegalArgumentException("no " + what + " (expected: at least one)");
        }
        return Set.copyOf(all);
    }

    /** Who may by this or by {@code other}, which is asked only where this doesn't allow. */
    public Access or(Access other) {
        return new Access(
                (principal, request) -> test.allows(principal, request) || other.test.allows(principal, request),
                open || other.open,
                text + ", or " + other.text,
                union(roles, other.roles),
                union(authenticators, other.authenticators));
    }

    /** Who may by this and by {@code other}, which is asked only where this allows. */
    public Access and(Access other) {
        return new Access(
                (principal, request) -> test.allows(principal, request) && other.test.allows(principal, request),
                open && other.open,
                text + ", and " + other.text,
                union(roles, other.roles),
                union(authenticators, other.authenticators));
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        var all = new TreeSet<>(some);
        all.addAll(others);
        return Set.copyOf(all);
    }

    /** Whether who is not known may. */
    public boolean isOpen() {
        return open;
    }

    /** All roles that it speaks of. */
    public Set<String> roles() {
        return roles;
    }

    /** All authenticators that it names; empty where any will do. */
    public Set<String> authenticators() {
        return authenticators;
    }

    boolean allows(Principal principal, Request request) throws Exception {
        return test.allows(principal, request);
    }

    /** {@code role clerk, or its owner}. */
    @Override
    public String toString() {
        return text;
    }
}
