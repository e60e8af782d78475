package dev.plinth.discovery;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How this service is found and finds others, section {@code discovery}: the keys that hold whatever {@code backend} is
 * chosen.
 *
 * @param announce whether this instance says that it is there; off for a job that nobody calls
 * @param advertiseHost the host that others are told. Without it that of {@code http.host}, or, where this is all
 *     addresses, the machine's own first one.
 * @param advertisePort the port that others are told, where a proxy or a container stands before {@code http.port}
 * @param advertiseScheme how others speak to it
 * @param zone where it runs; callers prefer instances in their own
 * @param weight its share of the load, in proportion to its siblings
 * @param metadata what else it tells of itself
 * @param lease how long it is known after its last sign of life. Choose the time that a dead instance may be called.
 * @param renew how often it gives one; less than a third of the lease survives two that are lost
 * @param timeout the most that one call of the registry may take
 * @param grace how long the last known instances are used while the registry can't be asked
 * @param required services that must be known to the registry when this one starts
 * @param ejectAfter failures in a row after which an instance is left out
 * @param ejectFor how long it is left out the first time; each time more, ten times that at most
 * @param ejectMost the largest share of the instances that may be left out at one time, in percent
 * @param slowReturn how long it takes an instance that was left out to get its full share again
 */
public record DiscoveryConfig(
        @Default("true") @Doc("Whether this instance says that it is there.") boolean announce,
        @Doc("Host that others are told; by default http.host, or the machine's own first address.")
                Optional<String> advertiseHost,
        @Doc("Port that others are told; by default that of the public listener.")
                Optional<@Min(1) @Max(65535) Integer> advertisePort,
        @Default("http") @Pattern(regexp = "https?") @Doc("How others speak to it: http or https.")
                String advertiseScheme,
        @Default("") @Doc("Where it runs; callers prefer instances in their own zone.") String zone,
        @Default("1") @Min(1) @Max(65535) @Doc("Its share of the load, in proportion to its siblings.") int weight,
        @Default("") @Doc("What else it tells of itself.") Map<String, String> metadata,
        @Default("10s") @Positive @Doc("How long it is known after its last sign of life.") Duration lease,
        @Default("3s") @Positive @Doc("How often it gives a sign of life.") Duration renew,
        @Default("2s") @Positive @Doc("The most that one call of the registry may take.") Duration timeout,
        @Default("5m") @Positive @Doc("How long the last known instances are used while the registry can't be asked.")
                Duration grace,
        @Default("") @Doc("Services that must be known when this one starts.") List<String> required,
        @Default("5") @Positive @Doc("Failures in a row after which an instance is left out.") int ejectAfter,
        @Default("5s") @Positive @Doc("How long it is left out the first time.") Duration ejectFor,
        @Default("50") @Min(0) @Max(100) @Doc("Percent of the instances that may be left out at one time.")
                int ejectMost,
        @Default("10s") @Positive @Doc("How long an instance that was left out takes to get its full share again.")
                Duration slowReturn) {
    public DiscoveryConfig {
        if (lease.compareTo(Duration.ofSeconds(1)) < 0 || lease.toMillis() % 1000 != 0) {
            throw new IllegalArgumentException("lease: " + lease.toMillis() + "ms (expected: whole seconds)");
        }
        if (renew.multipliedBy(2).compareTo(lease) > 0) {
            throw new IllegalArgumentException("renew: " + renew.toMillis() + "ms (expected: at most half of lease, "
                    + lease.toMillis() / 2 + "ms, so that one that is lost does no harm)");
        }
        if (advertiseHost.isPresent()
                && (advertiseHost.get().equals("0.0.0.0") || advertiseHost.get().equals("::"))) {
            throw new IllegalArgumentException("advertise-host: '" + advertiseHost.get()
                    + "' (expected: a name or an address by which others reach it)");
        }
    }
}
