package dev.plinth.discovery;

import dev.plinth.schema.Default;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One running copy of a service, as a registry knows it. Immutable.
 *
 * @param service its name: letters, digits, {@code .}, {@code _} and {@code -}, at most 128
 * @param id tells it from its siblings; of the same letters
 * @param scheme {@code http} or {@code https}
 * @param host a name or an address by which others reach it; IPv6 without brackets
 * @param port 1 to 65535
 * @param zone where it runs, such as {@code eu-1a}; empty if nobody said
 * @param weight how much of the load it takes, in proportion to its siblings; 1 to 65535
 * @param version of its program; empty if nobody said
 * @param started when it began, if anybody said
 * @param ports further ports by the name of their listener, such as {@code admin}
 * @param metadata whatever else it tells of itself
 */
public record Instance(
        @NotNull String service,
        @NotNull String id,
        @Default("http") String scheme,
        @NotNull String host,
        int port,
        @Default("") String zone,
        @Default("1") int weight,
        @Default("") String version,
        Optional<Instant> started,
        @Default("") Map<String, Integer> ports,
        @Default("") Map<String, String> metadata) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]{1,255}");

    public Instance {
        requireName("service", service);
        requireName("instance id", id);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("scheme '" + scheme + "' (expected: http or https)");
        }
        if (!HOST.matcher(host).matches() || host.equals("0.0.0.0") || host.equals("::")) {
            throw new IllegalArgumentException(
                    "host '" + host + "' (expected: a name or an address by which others reach it)");
        }
        requireRange("port", port);
        requireRange("weight", weight);
        ports = Map.copyOf(ports);
        metadata = Map.copyOf(metadata);
    }

    /** One with the least that is to be said. */
    public static Instance of(String service, String id, String host, int port) {
        return new Instance(service, id, "http", host, port, "", 1, "", Optional.empty(), Map.of(), Map.of());
    }

    /**
     * What may name a service or an instance, since it becomes part of paths and keys.
     *
     * @throws IllegalArgumentException if {@code name} is anything else; {@code what} begins the text
     */
    static String requireName(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(what + " '" + name
                    + "' (expected: letters, digits, '.', '_' and '-', a letter or digit first, at most 128)");
        }
        return name;
    }

    private static void requireRange(String what, int value) {
        if (value < 1 || value > 65535) {
            throw new IllegalArgumentException(what + " " + value + " (expected: 1..65535)");
        }
    }

    /** The same in a zone. */
    public Instance withZone(String newZone) {
        return new Instance(service, id, scheme, host, port, newZone, weight, version, started, ports, metadata);
    }

    /**
     * The same with a weight.
     *
     * @throws IllegalArgumentException if it is not in 1..65535
     */
    public Instance withWeight(int newWeight) {
        return new Instance(service, id, scheme, host, port, zone, newWeight, version, started, ports, metadata);
    }

    /** The same with other metadata. */
    public Instance withMetadata(Map<String, String> newMetadata) {
        return new Instance(service, id, scheme, host, port, zone, weight, version, started, ports, newMetadata);
    }

    /** {@code host:port}, an IPv6 address in brackets. */
    public String address() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    /** {@code scheme://host:port}. */
    public URI uri() {
        return URI.create(scheme + "://" + address());
    }
}
