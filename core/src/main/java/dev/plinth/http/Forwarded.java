package dev.plinth.http;

import static dev.plinth.http.ForwardedHeader.FORWARDED;
import static dev.plinth.http.ForwardedHeader.X_FORWARDED_FOR;
import static dev.plinth.http.ForwardedHeader.X_FORWARDED_HOST;
import static dev.plinth.http.ForwardedHeader.X_FORWARDED_PORT;
import static dev.plinth.http.ForwardedHeader.X_FORWARDED_PREFIX;
import static dev.plinth.http.ForwardedHeader.X_FORWARDED_PROTO;
import static dev.plinth.http.ForwardedHeader.X_SCHEME;
import static dev.plinth.http.ForwardedHeader.X_SCRIPT_NAME;

import dev.plinth.http.engine.Exchange;
import dev.plinth.schema.AddressBlock;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request as its client made it, before the proxies: who, over what, to which host, below which prefix.
 *
 * <p>Chains are read from their end, where the nearest proxy wrote: the client is the last address that is no trusted
 * proxy's. What can't be read is as if it were not there, and nothing before it counts.
 *
 * @param host with its port where that isn't the scheme's; empty where nobody named one
 * @param prefix begins with a slash and doesn't end with one; empty where there is none
 */
record Forwarded(InetSocketAddress peer, boolean secure, String host, String prefix) {
    private static final Pattern HOST =
            Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?");
    private static final Pattern PREFIX = Pattern.compile("(/[A-Za-z0-9._~!$&'()*+,;=:@%-]+)+/?");
    private static final Pattern PAIR = Pattern.compile(
            "\\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\",;\\s]*))\\s*([;,]|$)");

    static Forwarded of(Exchange exchange, ProxiesConfig config) {
        var host = exchange.header("host");
        var direct = new Forwarded(exchange.peer(), exchange.secure(), host == null ? "" : host, "");
        if (!config.trusts(exchange.peer().getAddress())) {
            return direct;
        }
        var headers = config.headers();
        var read = headers.contains(FORWARDED) ? direct.standard(exchange, config) : direct.usual(exchange, config);
        var prefix = prefix(exchange, headers);
        return prefix.isEmpty() ? read : new Forwarded(read.peer, read.secure, read.host, prefix);
    }

    /** The path below the prefix, where it is left to this service to take that off. */
    static String path(Exchange exchange, ProxiesConfig config) {
        var path = exchange.path();
        if (!config.stripPrefix()) {
            return path;
        }
        var prefix = of(exchange, config).prefix;
        if (!path.startsWith(prefix)) {
            return path;
        }
        var below = path.substring(prefix.length());
        return below.isEmpty() ? "/" : below.startsWith("/") ? below : path;
    }

    private static String prefix(Exchange exchange, List<ForwardedHeader> headers) {
        var named = headers.contains(X_SCRIPT_NAME) ? last(exchange, "x-script-name") : null;
        if (named == null && headers.contains(X_FORWARDED_PREFIX)) {
            named = last(exchange, "x-forwarded-prefix");
        }
        if (named == null || named.isEmpty()) {
            return "";
        }
        var prefix = named.startsWith("/") ? named : "/" + named;
        return isPrefix(prefix) ? withoutSlash(prefix) : "";
    }

    private static boolean isPrefix(String prefix) {
        return prefix.length() <= 200
                && PREFIX.matcher(prefix).matches()
                && !(withoutSlash(prefix) + "/").matches(".*/\\.{1,2}/.*");
    }

    private static String withoutSlash(String prefix) {
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    // ---- X-Forwarded-... -------------------------------------------------------------------------------------------

    private Forwarded usual(Exchange exchange, ProxiesConfig config) {
        var headers = config.headers();
        var client = peer;
        if (headers.contains(X_FORWARDED_FOR)) {
            client = nearest(list(exchange.headers("x-forwarded-for")), config);
        }
        var proto = headers.contains(X_FORWARDED_PROTO) ? last(exchange, "x-forwarded-proto") : null;
        if (proto == null && headers.contains(X_SCHEME)) {
            proto = last(exchange, "x-scheme");
        }
        var named = headers.contains(X_FORWARDED_HOST) ? last(exchange, "x-forwarded-host") : null;
        var port = headers.contains(X_FORWARDED_PORT) ? last(exchange, "x-forwarded-port") : null;
        boolean nowSecure = secure(proto, secure);
        var nowHost = named != null && HOST.matcher(named).matches() ? named : host;
        return new Forwarded(client, nowSecure, withPort(nowHost, port, nowSecure), "");
    }

    private static boolean secure(@Nullable String proto, boolean otherwise) {
        return switch (proto == null ? "" : proto.toLowerCase(Locale.ROOT)) {
            case "https", "wss" -> true;
            case "http", "ws" -> false;
            default -> otherwise;
        };
    }

    private static String withPort(String host, @Nullable String port, boolean secure) {
        if (port == null || host.isEmpty() || !port.matches("[1-9][0-9]{0,4}") || host.matches(".*:[0-9]+")) {
            return host;
        }
        return port.equals(secure ? "443" : "80") ? host : host + ":" + port;
    }

    private static @Nullable String last(Exchange exchange, String name) {
        var all = list(exchange.headers(name));
        return all.isEmpty() ? null : all.getLast();
    }

    private static List<String> list(List<String> headers) {
        var all = new ArrayList<String>();
        for (var header : headers) {
            for (var part : header.split(",", -1)) {
                all.add(part.strip());
            }
        }
        return all;
    }

    private InetSocketAddress nearest(List<String> chain, ProxiesConfig config) {
        var client = peer;
        for (var text : chain.reversed()) {
            if (!config.trusts(client.getAddress())) {
                break;
            }
            var before = address(text);
            if (before == null) {
                break;
            }
            client = before;
        }
        return client;
    }

    /** An address, with a port perhaps: 192.0.2.1, 192.0.2.1:80, 2001:db8::1, [2001:db8::1]:80. */
    private static @Nullable InetSocketAddress address(String text) {
        var host = text;
        var port = "";
        int colon = text.lastIndexOf(':');
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            host = end < 0 ? "" : text.substring(1, end);
            port = end < 0 ? "" : text.substring(end + 1);
        } else if (colon > 0 && text.indexOf(':') == colon) {
            host = text.substring(0, colon);
            port = text.substring(colon);
        }
        var address = AddressBlock.address(host);
        if (address == null || !(port.isEmpty() || port.matches(":[0-9]{1,5}"))) {
            return null;
        }
        int number = port.isEmpty() ? 0 : Integer.parseInt(port.substring(1));
        return new InetSocketAddress(address, number > 65535 ? 0 : number);
    }

    // ---- Forwarded (RFC 7239) --------------------------------------------------------------------------------------

    private Forwarded standard(Exchange exchange, ProxiesConfig config) {
        var now = this;
        for (var element :
                elements(String.join(",", exchange.headers("forwarded"))).reversed()) {
            if (!config.trusts(now.peer.getAddress())) {
                break;
            }
            var before = address(element.getOrDefault("for", ""));
            if (before == null) {
                break;
            }
            var named = element.getOrDefault("host", "");
            now = new Forwarded(
                    before,
                    secure(element.get("proto"), now.secure),
                    HOST.matcher(named).matches() ? named : now.host,
                    "");
        }
        return now;
    }

    /** Each hop's pairs, the names in lower case; none at all where the header is malformed. */
    private static List<Map<String, String>> elements(String header) {
        var elements = new ArrayList<Map<String, String>>();
        var element = new HashMap<String, String>();
        var pair = PAIR.matcher(header);
        for (int at = 0; at < header.length(); at = pair.end()) {
            if (!pair.find(at) || pair.start() != at) {
                return List.of();
            }
            var value = pair.group(2) != null ? pair.group(2).replaceAll("\\\\(.)", "$1") : pair.group(3);
            if (element.put(pair.group(1).toLowerCase(Locale.ROOT), value) != null) {
                return List.of();
            }
            if (!pair.group(4).equals(";")) {
                elements.add(element);
                element = new HashMap<>();
            }
        }
        return elements;
    }
}
