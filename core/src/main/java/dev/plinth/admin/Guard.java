package dev.plinth.admin;

import dev.plinth.error.Problem;
import dev.plinth.http.BearerToken;
import dev.plinth.http.Filter;
import dev.plinth.http.Request;
import dev.plinth.http.Response;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Who may use the admin listener: callers with the token, where one is set, that name it by an address or a known name.
 *
 * <p>The check of {@code Host} stops a page that points a name of its own at this address (DNS rebinding), the check of
 * {@code Origin} any other page in the operator's browser. Probes answer status only, so they need no token.
 */
final class Guard implements Filter {
    private final AdminConfig config;
    private final Set<String> open;

    Guard(AdminConfig config, List<String> openPaths) {
        this.config = config;
        this.open = Set.copyOf(openPaths);
    }

    @Override
    public Response filter(Request request, Next next) throws Exception {
        var host = request.header("host").orElse("");
        if (!isKnown(name(host))) {
            throw Problem.forbidden(
                            "FOREIGN_HOST",
                            "host '" + host
                                    + "' is not known here. Call the listener by its address, or add the name to admin.hosts.")
                    .withStatus(403);
        }
        var origin = request.header("origin").orElse("");
        if (!origin.isEmpty() && !authority(origin).equalsIgnoreCase(host)) {
            throw Problem.forbidden("FOREIGN_ORIGIN", "origin '" + origin + "' is not this listener");
        }
        if (config.token().isPresent() && !open.contains(request.path())) {
            new BearerToken(config.token().get(), "the admin listener wants Authorization: Bearer with admin.token")
                    .require(request);
        }
        return next.proceed(request);
    }

    private boolean isKnown(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        for (var known : config.hosts()) {
            if (known.equalsIgnoreCase(host)) {
                return true;
            }
        }
        try {
            InetAddress.ofLiteral(host);
            return true;
        } catch (IllegalArgumentException aName) {
            return false;
        }
    }

    /** The host of {@code host:port}, without the brackets of an IPv6 address. */
    private static String name(String hostAndPort) {
        if (hostAndPort.startsWith("[")) {
            int end = hostAndPort.indexOf(']');
            return end < 0 ? hostAndPort : hostAndPort.substring(1, end);
        }
        int colon = hostAndPort.lastIndexOf(':');
        return colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
    }

    private static String authority(String origin) {
        try {
            var authority = URI.create(origin.toLowerCase(Locale.ROOT)).getRawAuthority();
            return authority == null ? "" : authority;
        } catch (IllegalArgumentException noUri) {
            return "";
        }
    }
}
