package dev.plinth.context;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the piece of work that the current thread does: service, deadline, trace, principal, job, baggage,
 * attempt.
 *
 * <p>It lives in a {@link ScopedValue}: it is bound for the length of a call and can't leak into the next one. A thread
 * that is started by hand begins without it; {@link #start}, {@link #wrap} and {@link Fanout} carry it over. Immutable.
 */
public final class Context {
    /** Outside any work: no service, no deadline, no trace. */
    public static final Context EMPTY =
            new Context("", null, TraceIds.NONE, Principal.ANONYMOUS, Job.UNKNOWN, Map.of(), 1, "", null, null);

    private static final ScopedValue<Context> CURRENT = ScopedValue.newInstance();

    private final String service;
    private final @Nullable Deadline deadline;
    private final TraceIds trace;
    private final Principal principal;
    private final Job job;
    private final Map<String, String> baggage;
    private final int attempt;
    private final String tenant;
    private final @Nullable Incoming incoming;
    private final @Nullable Carrier carrier;

    private Context(
            String service,
            @Nullable Deadline deadline,
            TraceIds trace,
            Principal principal,
            Job job,
            Map<String, String> baggage,
            int attempt,
            String tenant,
            @Nullable Incoming incoming,
            @Nullable Carrier carrier) {
        this.service = service;
        this.deadline = deadline;
        this.trace = trace;
        this.principal = principal;
        this.job = job;
        this.baggage = baggage;
        this.attempt = attempt;
        this.tenant = tenant;
        this.incoming = incoming;
        this.carrier = carrier;
    }

    /** The context of the calling thread; {@link #EMPTY} where none is bound. */
    public static Context current() {
        return CURRENT.orElse(EMPTY);
    }

    /** The context of work that a service begins by itself: that service's name and nothing else. */
    public static Context of(String service) {
        return EMPTY.withService(service);
    }

    /** The service whose work this is; empty outside any. */
    public String service() {
        return service;
    }

    /** The moment after which nobody waits any more. */
    public Optional<Deadline> deadline() {
        return Optional.ofNullable(deadline);
    }

    /** The trace's ids. */
    public TraceIds trace() {
        return trace;
    }

    /** On whose behalf. */
    public Principal principal() {
        return principal;
    }

    /** The job that it belongs to. */
    public Job job() {
        return job;
    }

    /** Small values that travel with the trace (W3C Baggage). */
    public Map<String, String> baggage() {
        return baggage;
    }

    /**
     * Which attempt at one call this work belongs to: 1, or more where it repeats one that failed, here or at a caller.
     * Only first attempts are retried, so that retries at several places in a chain don't multiply.
     */
    public int attempt() {
        return attempt;
    }

    /** The customer on whose behalf it is, of a service that several share; empty where that isn't known. */
    public String tenant() {
        return tenant;
    }

    /** A header of the request that this work answers, by a name in lower case; null where there is none. */
    public @Nullable String incoming(String lowerCaseName) {
        return incoming == null ? null : incoming.header(lowerCaseName);
    }

    /** The same for another service. */
    public Context withService(String newService) {
        return new Context(newService, deadline, trace, principal, job, baggage, attempt, tenant, incoming, carrier);
    }

    /** The same with a deadline; an earlier one that is there already wins. */
    public Context withDeadline(Deadline newDeadline) {
        var earlier = deadline == null ? newDeadline : deadline.earlier(newDeadline);
        return new Context(service, earlier, trace, principal, job, baggage, attempt, tenant, incoming, carrier);
    }

    /** The same without a deadline: for what lasts as long as somebody listens. */
    public Context withoutDeadline() {
        return new Context(service, null, trace, principal, job, baggage, attempt, tenant, incoming, carrier);
    }

    /** The same in another trace or span; {@code newCarrier} sets a tracing library's own context on each thread. */
    public Context withTrace(TraceIds newTrace, @Nullable Carrier newCarrier) {
        return new Context(service, deadline, newTrace, principal, job, baggage, attempt, tenant, incoming, newCarrier);
    }

    /** The same on behalf of another. */
    public Context withPrincipal(Principal newPrincipal) {
        return new Context(service, deadline, trace, newPrincipal, job, baggage, attempt, tenant, incoming, carrier);
    }

    /** The same for a customer. */
    public Context withTenant(String newTenant) {
        return new Context(service, deadline, trace, principal, job, baggage, attempt, newTenant, incoming, carrier);
    }

    /** The same as part of a job. */
    public Context withJob(Job newJob) {
        return new Context(service, deadline, trace, principal, newJob, baggage, attempt, tenant, incoming, carrier);
    }

    /** The same with one more piece of baggage. */
    public Context withBaggage(String key, String value) {
        return withBaggage(Map.of(key, value));
    }

    /** The same with more pieces of baggage; they replace those of the same key. */
    public Context withBaggage(Map<String, String> pieces) {
        var more = new HashMap<>(baggage);
        more.putAll(pieces);
        return new Context(
                service, deadline, trace, principal, job, Map.copyOf(more), attempt, tenant, incoming, carrier);
    }

    /**
     * The same as part of that attempt.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Context withAttempt(int newAttempt) {
        if (newAttempt < 1) {
            throw new IllegalArgumentException("attempt " + newAttempt + " (expected: >= 1)");
        }
        return new Context(service, deadline, trace, principal, job, baggage, newAttempt, tenant, incoming, carrier);
    }

    /** The same with the headers of the request that it answers. */
    public Context withIncoming(Incoming newIncoming) {
        return new Context(service, deadline, trace, principal, job, baggage, attempt, tenant, newIncoming, carrier);
    }

    /** Runs {@code work} in this context, on the calling thread. */
    public void run(Runnable work) {
        ScopedValue.where(CURRENT, this).run(carrier == null ? work : () -> carrier.run(work));
    }

    /** Calls {@code work} in this context, on the calling thread, and passes on what it returns or throws. */
    public <T extends @Nullable Object, X extends Throwable> T call(ScopedValue.CallableOp<T, X> work) throws X {
        return ScopedValue.where(CURRENT, this).call(carrier == null ? work : () -> carrier.call(work));
    }

    /** {@code work} with the calling thread's context, to be run on whatever thread. */
    public static Runnable wrap(Runnable work) {
        var context = current();
        return () -> context.run(work);
    }

    /** {@code work} with the calling thread's context, to be called on whatever thread. */
    public static <T extends @Nullable Object> Callable<T> wrap(Callable<T> work) {
        var context = current();
        return () -> context.call(work::call);
    }

    /** Starts a virtual thread that does {@code work} in the calling thread's context. */
    public static Thread start(String threadName, Runnable work) {
        return Thread.ofVirtual().name(threadName).start(wrap(work));
    }

    /** The headers of a request; they must be readable by any thread, also after it was answered. */
    @FunctionalInterface
    public interface Incoming {
        /** The first value of a header, by a name in lower case; null where there is none. */
        @Nullable
        String header(String lowerCaseName);
    }

    /**
     * Sets something beside the context on each thread that works in it: a tracing library's own thread-local, say. It
     * is asked wherever the context is bound.
     */
    public interface Carrier {
        /** Calls {@code work} with that something set, and takes it back after. */
        <T extends @Nullable Object, X extends Throwable> T call(ScopedValue.CallableOp<T, X> work) throws X;

        /** Runs {@code work} likewise. */
        default void run(Runnable work) {
            call(() -> {
                work.run();
                return null;
            });
        }
    }
}
