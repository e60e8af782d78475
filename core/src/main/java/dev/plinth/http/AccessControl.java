package dev.plinth.http;

import dev.plinth.auth.Authenticator;
import dev.plinth.auth.Verdict;
import dev.plinth.context.Context;
import dev.plinth.context.Principal;
import dev.plinth.error.Problem;
import dev.plinth.time.Time;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out who calls, and whether he may, before filters and handler: the rule of the configuration and that of the code
 * must both allow; where there is neither, who is known may. Thread-safe.
 *
 * <p>Credentials that don't hold are refused, also beside others that do, so that a token that has ended doesn't become the
 * rights of the connection that it came by. Refusals are made once: an attacker doesn't get a stack trace for each.
 */
final class AccessControl {
    private static final Logger LOG = LoggerFactory.getLogger(AccessControl.class);

    @SuppressWarnings("StaticAssignmentOfThrowable") // its stack is never looked at, and costs more than the refusal
    private static final Problem UNAUTHENTICATED =
            Problem.unauthorized("UNAUTHENTICATED", "say who you are: WWW-Authenticate tells how");

    @SuppressWarnings("StaticAssignmentOfThrowable")
    private static final Problem FORBIDDEN = Problem.forbidden("FORBIDDEN", "you may not do this");

    /** One rule of the configuration. */
    private record Ruling(PathShape path, AccessConfig config, Access rule) {}

    private final String realm;
    private final Map<String, Authenticator> authenticators;
    private final List<Ruling> rulings = new ArrayList<>();
    private final Refusals refusals;

    private AccessControl(
            String realm, Map<String, Authenticator> authenticators, List<AccessConfig> rules, Time time) {
        this.realm = realm;
        this.authenticators = new LinkedHashMap<>(authenticators);
        for (var rule : rules) {
            rulings.add(new Ruling(PathShape.parse(rule.path()), rule, rule.rule()));
        }
        this.refusals = new Refusals(time);
    }

    /** That of a listener; null where nobody can be known, and nothing asks for it. */
    static @Nullable AccessControl of(String realm, HttpConfig config, Http routes, Time time) {
        var authenticators = routes.authenticators();
        return authenticators.isEmpty() && config.access().isEmpty() && !routes.isRestricted()
                ? null
                : new AccessControl(realm, authenticators, config.access(), time);
    }

    /** {@code next} behind it, with the rule of the code. */
    Filter.Next before(@Nullable Access rule, Filter.Next next) {
        return request -> enter(request, rule, next);
    }

    private Response enter(Request request, @Nullable Access rule, Filter.Next next) throws Exception {
        var ruling = ruling(request);
        var configured = ruling == null ? null : ruling.rule;
        // Where nobody can be known, only what a rule closes is closed.
        boolean open = (rule != null || configured != null || authenticators.isEmpty())
                && (rule == null || rule.isOpen())
                && (configured == null || configured.isOpen());
        var principal = principal(request, open);
        if (principal.isAnonymous()) {
            if (!open) {
                throw UNAUTHENTICATED; // who is let in by nothing but a mistake stays outside
            }
            return next.proceed(request);
        }
        request.principal(principal);
        return Context.current().withPrincipal(principal).call(() -> {
            if (ruling != null && (ruling.config.isForNobody() || !ruling.rule.allows(principal, request))) {
                throw forbidden(request, principal, "http.access for " + ruling.config.path());
            }
            if (rule != null && !rule.allows(principal, request)) {
                throw forbidden(request, principal, rule.toString());
            }
            return next.proceed(request);
        });
    }

    private @Nullable Ruling ruling(Request request) {
        if (rulings.isEmpty()) {
            return null;
        }
        var path = PathShape.decode(request.path());
        for (var ruling : rulings) {
            if (ruling.config.isFor(request.method()) && ruling.path.matches(path)) {
                return ruling;
            }
        }
        return null;
    }

    /** Who calls; nobody only where the route is open. */
    private Principal principal(Request request, boolean open) throws InterruptedException {
        var evidence = request.evidence();
        Principal known = null;
        Verdict.Unavailable unavailable = null;
        Set<String> accepted = Set.of();
        Set<String> unsure = Set.of();
        Map<String, String> refused = null;
        List<String> notWrong = List.of();
        for (var each : authenticators.entrySet()) {
            var authenticator = each.getValue();
            switch (authenticator.authenticate(evidence)) {
                case Verdict.Absent _ -> {}
                case Verdict.Accepted(var principal)
                when principal.isAnonymous() -> {
                    refused = refused == null ? new LinkedHashMap<>() : refused;
                    refused.put(authenticator.source(), each.getKey() + ": it names nobody");
                }
                case Verdict.Accepted(var principal) -> {
                    known = known == null ? principal : known;
                    accepted = with(accepted, authenticator.source());
                    notWrong = notWrong.isEmpty() ? new ArrayList<>(1) : notWrong;
                    notWrong.add(authenticator.source());
                }
                case Verdict.Refused(var reason) -> {
                    refused = refused == null ? new LinkedHashMap<>() : refused;
                    refused.put(authenticator.source(), each.getKey() + ": " + reason);
                }
                case Verdict.Unavailable cannot -> {
                    unavailable = cannot;
                    unsure = with(unsure, authenticator.source());
                    notWrong = notWrong.isEmpty() ? new ArrayList<>(1) : notWrong;
                    notWrong.add(authenticator.source()); // it may be, so it isn't wrong
                }
            }
        }
        if (refused != null) {
            refused.keySet().removeAll(notWrong);
        }
        if (evidence.headers("authorization").size()
                > 1) { // which of them would be meant, here and at the proxy in front?
            refused = Map.of("Authorization", "two headers Authorization");
        }
        if (refused != null && !refused.isEmpty()) {
            note(String.join("; ", refused.values()), open);
            return nobody(request, refused.keySet(), open);
        }
        // What can't be judged doesn't become the rights of something else that was brought beside it.
        if (unavailable != null && !accepted.containsAll(unsure)) {
            note(unavailable.reason(), open);
            if (!open) {
                throw Problem.refusal(
                        "AUTHENTICATION_UNAVAILABLE",
                        "who you are can't be told now",
                        Map.of("retry_after", Math.max(1, (int)
                                unavailable.retryAfter().toSeconds())));
            }
            return Principal.ANONYMOUS;
        }
        return known == null ? nobody(request, Set.of(), open) : known;
    }

    private static Set<String> with(Set<String> some, String one) {
        var all = new TreeSet<>(some);
        all.add(one);
        return all;
    }

    /** Where everybody may come, something else may be meant than what the authenticators know. */
    private void note(String reason, boolean open) {
        if (!open) {
            refusals.note(reason);
        }
    }

    private Principal nobody(Request request, Set<String> refused, boolean open) {
        if (open) {
            return Principal.ANONYMOUS;
        }
        for (var authenticator : authenticators.values()) {
            request.answerHeader(
                    "WWW-Authenticate", authenticator.challenge(realm, refused.contains(authenticator.source())));
        }
        throw UNAUTHENTICATED;
    }

    private Problem forbidden(Request request, Principal principal, String rule) {
        LOG.debug("{} {} is refused to {} (allowed: {})", request.method(), request.route(), principal, rule);
        var known = authenticators.get(principal.by());
        var challenge = known == null ? "" : known.challenge(realm, false);
        if (challenge.startsWith("Bearer ")) { // RFC 6750, section 3.1
            request.answerHeader("WWW-Authenticate", challenge + ", error=\"insufficient_scope\"");
        }
        return FORBIDDEN;
    }
}
