package dev.plinth.trace;

import dev.plinth.context.Context;
import dev.plinth.context.TraceIds;
import dev.plinth.time.Time;
import dev.plinth.trace.TraceHeaders.Parent;
import dev.plinth.trace.TraceHeaders.Sampled;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The traces of one service: continues those that come in, begins others, records spans where a collector is configured.
 *
 * <p>Without {@link TraceConfig#endpoint} there are ids and nothing else: each request gets a span id of its own within
 * the caller's trace, log lines and outgoing calls carry it, and no class of OpenTelemetry is loaded. With it the sampled
 * spans go to the collector in batches, from a thread of their own. A collector that is slow or gone costs no request
 * anything: spans beyond {@link TraceConfig#queue} are dropped and counted.
 *
 * <p>Ids come from {@link Time#random()}: they must be unique, not secret. Thread-safe.
 */
public final class Tracing {
    /** The key, among the baggage, of the {@code X-Request-ID} or {@code X-Correlation-ID} that a request came with. */
    public static final String REQUEST_ID = "request_id";

    private final TraceConfig config;
    private final Time time;
    private final Set<String> allowedBaggage;
    private final Function<SpanCounts, Recorder> opener;
    private final SpanCounts counts = new SpanCounts();
    private volatile @Nullable Recorder recorder;
    private volatile boolean recording;
    private boolean closed;

    /**
     * The tracing of one service; opens nothing.
     *
     * @param instance tells this process from its siblings ({@code service.instance.id})
     */
    public Tracing(String service, String version, String instance, TraceConfig config, Time time) {
        this(config, time, counts -> Recorder.open(service, version, instance, config, time, counts));
    }

    Tracing(TraceConfig config, Time time, Function<SpanCounts, Recorder> opener) {
        this.config = config;
        this.time = time;
        this.opener = opener;
        var allowed = new TreeSet<>(config.baggage());
        allowed.add(REQUEST_ID);
        this.allowedBaggage = allowed;
        this.recording = config.endpoint().isPresent();
    }

    /** Begins the span of a request that was received. */
    public ServerSpan server(HeaderReader headers) {
        var requestId = TraceHeaders.requestId(headers);
        var parent = TraceHeaders.parent(headers, requestId);
        var traceId = parent.traceId().isEmpty() ? Ids.trace(time.random()) : parent.traceId();
        boolean sampled =
                switch (parent.sampled()) {
                    case YES -> true;
                    case NO -> false;
                    case UNDECIDED ->
                        recording && isChosen(traceId, config.sampling().fraction());
                };
        var baggage = baggage(headers, requestId);
        if (!recording) {
            return new ServerSpan(unrecorded(parent, traceId, sampled), baggage, null, null);
        }
        if (!sampled) {
            var ids = unrecorded(parent, traceId, false);
            return new ServerSpan(ids, baggage, new OtelCarrier(ids), null);
        }
        var span = recorder().server(new Parent(traceId, parent.spanId(), Sampled.YES, parent.state()));
        return new ServerSpan(span.ids(), baggage, span, span);
    }

    private TraceIds unrecorded(Parent parent, String traceId, boolean sampled) {
        return new TraceIds(traceId, Ids.span(time.random()), parent.spanId(), sampled, parent.state());
    }

    private Map<String, String> baggage(HeaderReader headers, @Nullable String requestId) {
        var header = headers.get(TraceHeaders.BAGGAGE);
        if (header == null) {
            return requestId == null ? Map.of() : Map.of(REQUEST_ID, requestId);
        }
        var baggage = Baggage.read(header, allowedBaggage);
        if (requestId != null) {
            baggage.put(REQUEST_ID, requestId);
        }
        return baggage;
    }

    /** Whether a trace that begins here is recorded: the low bits of its id decide, as in all OpenTelemetry SDKs. */
    static boolean isChosen(String traceId, double sampling) {
        return sampling >= 1 || (sampling > 0 && Ids.low(traceId) < (long) (sampling * Long.MAX_VALUE));
    }

    /** Begins the span of a call to another service, within the current context. Without a recorder it costs nothing. */
    public ClientSpan client() {
        var context = Context.current();
        if (!recording || !context.trace().sampled()) {
            return new ClientSpan(context, null);
        }
        var span = recorder().client(context.trace());
        return new ClientSpan(context.withTrace(span.ids(), span), span);
    }

    /** Writes trace and baggage of {@code context} into the headers of a call or a message. */
    public void write(Context context, HeaderWriter headers) {
        TraceHeaders.write(context, config.b3(), headers);
    }

    /** The same, with B3 headers as this one receiver wants them. */
    public void write(Context context, B3 b3, HeaderWriter headers) {
        TraceHeaders.write(context, b3, headers);
    }

    /**
     * Calls {@code work} in a span of its own: {@code var quote = tracing.span("quote", () -> desk.quote(order));}. What
     * it throws passes, and marks the span as failed. Outside any trace it begins one.
     */
    public <T extends @Nullable Object, X extends Throwable> T span(String name, ScopedValue.CallableOp<T, X> work)
            throws X {
        var context = Context.current();
        var current = context.trace();
        if (current.traceId().isEmpty()) {
            return root(name, context, work);
        }
        if (!recording || !current.sampled()) {
            return work.call();
        }
        return record(recorder().internal(name, current), context, work);
    }

    /** Runs {@code work} likewise. */
    public void span(String name, Runnable work) {
        span(name, () -> {
            work.run();
            return null;
        });
    }

    private <T extends @Nullable Object, X extends Throwable> T root(
            String name, Context context, ScopedValue.CallableOp<T, X> work) throws X {
        var traceId = Ids.trace(time.random());
        boolean sampled = recording && isChosen(traceId, config.sampling().fraction());
        if (sampled) {
            return record(recorder().root(name, traceId), context, work);
        }
        var ids = new TraceIds(traceId, Ids.span(time.random()), "", false);
        return context.withTrace(ids, recording ? new OtelCarrier(ids) : null).call(work);
    }

    private static <T extends @Nullable Object, X extends Throwable> T record(
            RecordedSpan span, Context context, ScopedValue.CallableOp<T, X> work) throws X {
        try {
            return context.withTrace(span.ids(), span).call(work);
        } catch (Throwable thrown) {
            span.fail(thrown);
            throw thrown;
        } finally {
            span.end();
        }
    }

    /**
     * The service's tracer for libraries that bring their own spans; one that does nothing where no collector is
     * configured. There is no global one.
     */
    public OpenTelemetry openTelemetry() {
        return recording ? recorder().openTelemetry() : OpenTelemetry.noop();
    }

    /** Loads what the first recorded span would wait for. Call it in the background, once the service is ready. */
    public void warmUp() {
        if (recording) {
            recorder();
        }
    }

    /** Spans that the collector has taken. */
    public long exportedSpans() {
        return counts.exported.sum();
    }

    /** Spans that were recorded and never reached a collector: no room in the queue, or it failed. */
    public long droppedSpans() {
        return counts.dropped.sum();
    }

    /** Sends what waits, for {@code limit} at most, and stops recording; the rest is dropped and counted. */
    public void close(Duration limit) {
        recording = false;
        Recorder open;
        synchronized (this) {
            open = closed ? null : recorder;
            closed = true;
        }
        if (open != null) {
            open.close(limit);
        }
    }

    private Recorder recorder() {
        var open = recorder;
        return open != null ? open : openRecorder();
    }

    private synchronized Recorder openRecorder() {
        var open = recorder;
        if (open == null) {
            open = opener.apply(counts);
            recorder = open;
            if (closed) {
                open.close(Duration.ZERO); // a request was faster than the end; its span is not recorded
            }
        }
        return open;
    }
}
