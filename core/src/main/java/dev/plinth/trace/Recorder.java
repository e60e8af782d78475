package dev.plinth.trace;

import dev.plinth.context.TraceIds;
import dev.plinth.time.Time;
import dev.plinth.trace.TraceHeaders.Parent;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.common.Clock;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** OpenTelemetry's SDK, set up for one service. Loading it costs tens of milliseconds, so it is opened at first need. */
final class Recorder {
    /**
     * The id of a trace that begins with the next span of this thread, already chosen to be recorded. The SDK has no
     * argument for it: it asks its id generator, and its sampler.
     */
    static final ScopedValue<String> CHOSEN = ScopedValue.newInstance();

    private static final int LONGEST_ATTRIBUTE = 4096;

    private final SdkTracerProvider provider;
    private final SpanQueue queue;
    private final Tracer tracer;

    private Recorder(SdkTracerProvider provider, SpanQueue queue) {
        this.provider = provider;
        this.queue = queue;
        this.tracer = provider.get("dev.plinth");
    }

    static Recorder open(
            String service, String version, String instance, TraceConfig config, Time time, SpanCounts counts) {
        var exporter = new OtlpExporter(config, counts);
        return open(service, version, instance, config, time, new SpanQueue(config, exporter, counts));
    }

    static Recorder open(
            String service, String version, String instance, TraceConfig config, Time time, SpanQueue queue) {
        var resource = Resource.getDefault()
                .merge(Resource.create(Attributes.builder()
                        .put("service.name", service)
                        .put("service.version", version)
                        .put("service.instance.id", instance)
                        .build()));
        var provider = SdkTracerProvider.builder()
                .setClock(clock(time))
                .setIdGenerator(ids(time))
                .setResource(resource)
                .setSampler(RatioSampler.parentBased(config.sampling().fraction()))
                .setSpanLimits(SpanLimits.builder()
                        .setMaxAttributeValueLength(LONGEST_ATTRIBUTE)
                        .build())
                .addSpanProcessor(queue)
                .build();
        return new Recorder(provider, queue);
    }

    private static Clock clock(Time time) {
        return new Clock() {
            @Override
            public long now() {
                var now = time.now();
                return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
            }

            @Override
            public long nanoTime() {
                return time.nanos();
            }
        };
    }

    private static IdGenerator ids(Time time) {
        return new IdGenerator() {
            @Override
            public String generateSpanId() {
                return Ids.span(time.random());
            }

            @Override
            public String generateTraceId() {
                return CHOSEN.isBound() ? CHOSEN.get() : Ids.trace(time.random());
            }
        };
    }

    /** The span of a request; {@code parent} has a trace id, and a span id unless the trace begins here. */
    RecordedSpan server(Parent parent) {
        var builder = tracer.spanBuilder("HTTP").setSpanKind(SpanKind.SERVER);
        if (parent.spanId().isEmpty()) {
            return new RecordedSpan(startRoot(builder, parent.traceId()), "", "", true);
        }
        var span = builder.setParent(remote(parent.traceId(), parent.spanId(), parent.state()))
                .startSpan();
        return new RecordedSpan(span, parent.spanId(), parent.state(), true);
    }

    RecordedSpan root(String name, String traceId) {
        return new RecordedSpan(startRoot(tracer.spanBuilder(name), traceId), "", "", false);
    }

    private static Span startRoot(SpanBuilder builder, String traceId) {
        builder.setNoParent();
        return ScopedValue.where(CHOSEN, traceId).call(builder::startSpan);
    }

    RecordedSpan client(TraceIds current) {
        return child(tracer.spanBuilder("HTTP").setSpanKind(SpanKind.CLIENT), current);
    }

    RecordedSpan internal(String name, TraceIds current) {
        return child(tracer.spanBuilder(name), current);
    }

    /** Below the library's span that is current, if it belongs to our trace; else below ours. */
    private static RecordedSpan child(SpanBuilder builder, TraceIds current) {
        var context = Context.current();
        var parent = Span.fromContext(context).getSpanContext();
        if (!parent.getTraceId().equals(current.traceId())) {
            context = remote(current.traceId(), current.spanId(), current.state());
        }
        var parentId = Span.fromContext(context).getSpanContext().getSpanId();
        return new RecordedSpan(builder.setParent(context).startSpan(), parentId, current.state(), false);
    }

    private static Context remote(String traceId, String spanId, String state) {
        var span = SpanContext.createFromRemoteParent(traceId, spanId, TraceFlags.getSampled(), otelState(state));
        return Context.root().with(Span.wrap(span));
    }

    /** {@code state} has passed {@link TraceState#isValid}. Its builder puts each member in front of the last one. */
    private static io.opentelemetry.api.trace.TraceState otelState(String state) {
        if (state.isEmpty()) {
            return io.opentelemetry.api.trace.TraceState.getDefault();
        }
        var builder = io.opentelemetry.api.trace.TraceState.builder();
        int to = state.length();
        while (to >= 0) {
            int from = state.lastIndexOf(',', to - 1) + 1;
            var member = state.substring(from, to).strip();
            int equals = member.indexOf('=');
            if (equals > 0) {
                builder.put(member.substring(0, equals), member.substring(equals + 1));
            }
            to = from - 1;
        }
        return builder.build();
    }

    OpenTelemetry openTelemetry() {
        var propagators = ContextPropagators.create(W3CTraceContextPropagator.getInstance());
        return new OpenTelemetry() {
            @Override
            public TracerProvider getTracerProvider() {
                return provider;
            }

            @Override
            public ContextPropagators getPropagators() {
                return propagators;
            }
        };
    }

    void close(Duration limit) {
        queue.close(limit);
        provider.close();
    }
}
