package dev.plinth.discovery;

import dev.plinth.remote.RemoteException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where services say that they are there, and find each other.
 *
 * <p>A backend implements these few blocking calls and nothing else: no threads, no listeners, no retries. Renewal,
 * watching, back-off after failures, the grace for last known instances and balancing are written once, in {@link
 * Discovery}. {@code RegistryConformance} of the testkit judges an implementation.
 *
 * <p>Every call ends within the time-out that the backend was given, {@link #await} within {@code most} and that
 * time-out. A registry that can't be asked throws {@link RemoteException}; so does one that answers garbage. Nothing is
 * opened before the first call. Thread-safe.
 */
public interface Registry extends AutoCloseable {
    /** What it is and where, for messages: {@code etcd at http://127.0.0.1:2379}. */
    String describe();

    /**
     * Whether instances are announced through it; false where they come from elsewhere, such as a list, DNS or
     * Kubernetes. Then {@link #announce} and {@link #withdraw} do nothing.
     */
    boolean takesAnnouncements();

    /**
     * Says that {@code instance} is there, and will be for {@code lease} from now. Called again and again, this is the
     * renewal; a registry that has forgotten the instance learns it anew, and one that knows an older description of it
     * takes the new one. An instance that is not announced again is gone when its lease is over.
     *
     * @param lease whole seconds; the least that a backend can do may be more, as its page says
     */
    void announce(Instance instance, Duration lease);

    /** Takes an instance back at once; one that is not there is no failure. */
    void withdraw(Instance instance);

    /** The instances of {@code service}, empty where it is not known. */
    Snapshot look(String service);

    /**
     * Waits until the instances differ from those of {@code known}, at most {@code most}; empty if they did not. It may
     * return early, and with a snapshot that differs in nothing but its version.
     */
    Optional<Snapshot> await(String service, Snapshot known, Duration most) throws InterruptedException;

    /** The names of the services that have instances. A registry that can't list them returns none. */
    Set<String> services();

    /** The instances of {@code service} with their last sign of life, as far as the registry knows it. */
    default List<Node> nodes(String service) {
        return look(service).instances().stream()
                .map(instance -> new Node(instance, Optional.empty()))
                .toList();
    }

    /** Lets go of connections. Instances that were announced stay for their lease. */
    @Override
    void close();
}
