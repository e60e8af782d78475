package dev.plinth.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.WithoutJars;
import dev.plinth.context.Context;
import dev.plinth.context.Fanout;
import dev.plinth.context.TraceIds;
import dev.plinth.schema.Percent;
import dev.plinth.time.ManualTime;
import dev.plinth.time.Time;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TracingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final Map<String, String> SAMPLED_PARENT =
            Map.of("traceparent", "00-" + TRACE + "-" + SPAN + "-01", "tracestate", "a=1,b=2");
    private static final TraceConfig RECORDING = TraceConfig.defaults().withEndpoint(URI.create("http://127.0.0.1:9"));

    private final ManualTime time = new ManualTime();
    private final Kept kept = new Kept();
    private final Tracing disabled = new Tracing("orders", "1.0", "i-1", TraceConfig.defaults(), time);
    private final Tracing tracing = recording(RECORDING);

    /** Keeps what is exported. */
    static final class Kept implements SpanExporter {
        final List<SpanData> spans = new CopyOnWriteArrayList<>();

        @Override
        public CompletableResultCode export(Collection<SpanData> batch) {
            spans.addAll(batch);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    private Tracing recording(TraceConfig config) {
        return new Tracing(
                config,
                time,
                counts -> Recorder.open("orders", "1.0", "i-1", config, time, new SpanQueue(config, kept, counts)));
    }

    @AfterEach
    void close() {
        tracing.close(Duration.ofSeconds(5));
    }

    /** Ends the recording; by their names. */
    private Map<String, SpanData> spans() {
        tracing.close(Duration.ofSeconds(5));
        var byName = new HashMap<String, SpanData>();
        for (var span : kept.spans) {
            assertThat(byName.put(span.getName(), span)).as(span.getName()).isNull();
        }
        return byName;
    }

    @Test
    void withoutACollectorTheTraceIsContinued() {
        var ids = disabled.server(SAMPLED_PARENT::get).ids();

        assertThat(ids.traceId()).isEqualTo(TRACE);
        assertThat(ids.parentId()).isEqualTo(SPAN);
        assertThat(ids.spanId()).matches("[0-9a-f]{16}").isNotEqualTo(SPAN);
        assertThat(ids.sampled()).isTrue();
        assertThat(ids.state()).isEqualTo("a=1,b=2");
    }

    @Test
    void withoutACollectorATraceBegins_notSampled() {
        var ids = disabled.server(_ -> null).ids();

        assertThat(ids.traceId()).matches("[0-9a-f]{32}");
        assertThat(ids.spanId()).matches("[0-9a-f]{16}");
        assertThat(ids.parentId()).isEmpty();
        assertThat(ids.sampled()).isFalse();
    }

    @Test
    void withoutACollectorACallCarriesTheServersSpan() {
        var server = disabled.server(SAMPLED_PARENT::get);
        server.context(Context.of("orders")).run(() -> {
            var client = disabled.client();
            var headers = new HashMap<String, String>();
            disabled.write(client.context(), headers::put);

            assertThat(client.isRecorded()).isFalse();
            assertThat(headers)
                    .containsEntry(
                            "traceparent", "00-" + TRACE + "-" + server.ids().spanId() + "-01")
                    .containsEntry("tracestate", "a=1,b=2");
        });
    }

    @Test
    void idsDifferFromEachOther_andRepeatUnderOneSeed() {
        var seen = new HashSet<String>();
        for (int i = 0; i < 10_000; i++) {
            var ids = disabled.server(_ -> null).ids();
            assertThat(seen.add(ids.traceId())).isTrue();
            assertThat(seen.add(ids.spanId())).isTrue();
        }
        var again = new Tracing("orders", "1.0", "i-1", TraceConfig.defaults(), new ManualTime());

        assertThat(seen).contains(again.server(_ -> null).ids().traceId());
    }

    @Test
    void theRequestIdIsBaggage_andTheCallersBaggageStopsHere() {
        var headers = Map.of("x-request-id", "r-17", "baggage", "tenant=acme,request_id=other,secret=x");
        assertThat(disabled.server(headers::get).context(Context.of("orders")).baggage())
                .containsOnly(Map.entry("request_id", "r-17"));

        var defaults = TraceConfig.defaults();
        var config = new TraceConfig(
                defaults.endpoint(),
                defaults.headers(),
                defaults.sampling(),
                B3.SINGLE,
                List.of("tenant"),
                1,
                1,
                defaults.interval(),
                defaults.timeout());
        var allowing = new Tracing("orders", "1.0", "i-1", config, time);
        var context = allowing.server(Map.of("baggage", "tenant=acme,request_id=r-1,secret=x")::get)
                .context(Context.of("orders"));
        assertThat(context.baggage()).containsOnly(Map.entry("tenant", "acme"), Map.entry("request_id", "r-1"));
        var out = new HashMap<String, String>();
        allowing.write(context, out::put);
        assertThat(out).containsOnlyKeys("traceparent", "b3", "baggage");
        out.clear();
        allowing.write(context, B3.NONE, out::put);
        assertThat(out).containsOnlyKeys("traceparent", "baggage");
    }

    @Test
    void withoutACollectorNothingOfOpenTelemetryIsLoaded() throws Exception {
        WithoutJars.run(TracesWithoutOpenTelemetry.class, List.of("opentelemetry"));
    }

    static final class TracesWithoutOpenTelemetry implements Runnable {
        @Override
        public void run() {
            var tracing = new Tracing("orders", "1.0", "i-1", TraceConfig.defaults(), Time.system());
            tracing.warmUp();
            var server =
                    tracing.server(Map.of("traceparent", "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01")::get);
            server.attribute("server.address", "a").attribute("server.port", 1);
            server.context(Context.of("orders")).run(() -> {
                tracing.span("quote", () -> {});
                var client = tracing.client();
                tracing.write(client.context(), (_, _) -> {});
                client.attribute("a", "b").attribute("a", 1).end("GET", "http://pricing/", null, 200, null);
            });
            tracing.span("job", () -> {});
            server.end("GET", "/orders/1", "/orders/{id}", 200, null);
            tracing.close(Duration.ofSeconds(1));
        }
    }

    @Test
    void aServerSpanSaysWhatTheConventionsAsk() {
        var span = tracing.server(SAMPLED_PARENT::get);
        assertThat(span.isRecorded()).isTrue();
        assertThat(span.ids().traceId()).isEqualTo(TRACE);
        assertThat(span.ids().parentId()).isEqualTo(SPAN);
        time.advance(Duration.ofMillis(30));
        span.attribute("server.address", "orders.example").attribute("server.port", 8080);
        span.end("GET", "/orders/17", "/orders/{id}", 200, null);

        var data = spans().get("GET /orders/{id}");
        assertThat(data.getKind()).isEqualTo(SpanKind.SERVER);
        assertThat(data.getTraceId()).isEqualTo(TRACE);
        assertThat(data.getSpanId()).isEqualTo(span.ids().spanId());
        assertThat(data.getParentSpanId()).isEqualTo(SPAN);
        assertThat(data.getParentSpanContext().isRemote()).isTrue();
        assertThat(data.getSpanContext().getTraceState().asMap())
                .containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
        assertThat(data.getEndEpochNanos() - data.getStartEpochNanos()).isEqualTo(30_000_000);
        assertThat(data.getStatus()).isEqualTo(StatusData.unset());
        assertThat(attributes(data))
                .containsOnly(
                        Map.entry("http.request.method", "GET"),
                        Map.entry("http.route", "/orders/{id}"),
                        Map.entry("http.response.status_code", 200L),
                        Map.entry("url.path", "/orders/17"),
                        Map.entry("server.address", "orders.example"),
                        Map.entry("server.port", 8080L));
        assertThat(data.getResource().getAttributes().get(AttributeKey.stringKey("service.name")))
                .isEqualTo("orders");
        assertThat(data.getResource().getAttributes().get(AttributeKey.stringKey("service.version")))
                .isEqualTo("1.0");
        assertThat(data.getResource().getAttributes().get(AttributeKey.stringKey("service.instance.id")))
                .isEqualTo("i-1");
    }

    private static Map<String, Object> attributes(SpanData data) {
        var attributes = new HashMap<String, Object>();
        data.getAttributes().forEach((key, value) -> attributes.put(key.getKey(), value));
        return attributes;
    }

    @Test
    void aServerErrorMarksTheSpan_aClientErrorDoesNot() {
        tracing.server(_ -> null).end("GET", "/a", "/a", 503, null);
        tracing.server(_ -> null).end("GET", "/b", "/b", 404, null);

        var spans = spans();
        assertThat(spans.get("GET /a").getStatus()).isEqualTo(StatusData.error());
        assertThat(attributes(spans.get("GET /a"))).containsEntry("error.type", "503");
        assertThat(spans.get("GET /b").getStatus()).isEqualTo(StatusData.unset());
        assertThat(attributes(spans.get("GET /b"))).doesNotContainKey("error.type");
    }

    @Test
    void ofAnExceptionOnlyTheTypeIsRecorded() {
        tracing.server(_ -> null).end("GET", "/a", "/a", 500, new IOException("password=secret"));

        var span = spans().get("GET /a");
        assertThat(attributes(span)).containsEntry("error.type", "java.io.IOException");
        assertThat(span.getEvents()).singleElement().satisfies(event -> {
            assertThat(event.getName()).isEqualTo("exception");
            assertThat(event.getAttributes().asMap())
                    .containsOnly(Map.entry(AttributeKey.stringKey("exception.type"), "java.io.IOException"));
        });
        assertThat(span.toString()).doesNotContain("secret");
    }

    @Test
    void whatTheClientInventsIsNoName() {
        tracing.server(_ -> null).end("BREW", "/x", null, 405, null);
        tracing.server(_ -> null).end("GET", "/y", null, 404, null);

        var spans = spans();
        assertThat(attributes(spans.get("HTTP")))
                .containsEntry("http.request.method", "_OTHER")
                .containsEntry("http.request.method_original", "BREW")
                .doesNotContainKey("http.route");
        assertThat(attributes(spans.get("GET"))).containsEntry("url.path", "/y");
    }

    @Test
    void callsAndBlocksNestInTheServersSpan() throws InterruptedException {
        var server = tracing.server(SAMPLED_PARENT::get);
        var inBlock = new ArrayList<TraceIds>();
        var called = new HashMap<String, String>();
        server.context(Context.of("orders")).call(() -> {
            tracing.span("quote", () -> {
                inBlock.add(Context.current().trace());
                var client = tracing.client();
                tracing.write(client.context(), called::put);
                client.end("GET", "http://pricing:8080/quotes/1", "/quotes/{id}", 404, null);
            });
            try (var fanout = Fanout.open()) {
                fanout.fork(() -> tracing.span("forked", () -> "x"));
                fanout.join();
            }
            return null;
        });
        server.end("GET", "/orders/17", "/orders/{id}", 200, null);

        var spans = spans();
        var quote = spans.get("quote");
        var client = spans.get("GET /quotes/{id}");
        assertThat(spans.values()).extracting(SpanData::getTraceId).containsOnly(TRACE);
        assertThat(quote.getParentSpanId()).isEqualTo(server.ids().spanId());
        assertThat(quote.getKind()).isEqualTo(SpanKind.INTERNAL);
        assertThat(inBlock)
                .containsExactly(
                        new TraceIds(TRACE, quote.getSpanId(), server.ids().spanId(), true, "a=1,b=2"));
        assertThat(client.getParentSpanId()).isEqualTo(quote.getSpanId());
        assertThat(client.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(client.getStatus()).isEqualTo(StatusData.error());
        assertThat(attributes(client))
                .containsOnly(
                        Map.entry("http.request.method", "GET"),
                        Map.entry("url.full", "http://pricing:8080/quotes/1"),
                        Map.entry("url.template", "/quotes/{id}"),
                        Map.entry("http.response.status_code", 404L),
                        Map.entry("error.type", "404"));
        assertThat(called)
                .containsOnly(
                        Map.entry("traceparent", "00-" + TRACE + "-" + client.getSpanId() + "-01"),
                        Map.entry("tracestate", "a=1,b=2"));
        assertThat(spans.get("forked").getParentSpanId()).isEqualTo(server.ids().spanId());
    }

    @Test
    void aCallWithoutAnAnswerHasNoStatus() {
        var server = tracing.server(_ -> null);
        server.context(Context.of("orders"))
                .run(() -> tracing.client().end("GET", "http://pricing/", null, 0, new IOException("refused")));
        server.end("GET", "/", "/", 200, null);

        assertThat(attributes(spans().get("GET")))
                .containsEntry("error.type", "java.io.IOException")
                .doesNotContainKeys("http.response.status_code", "url.template");
    }

    @Test
    void spansOfLibrariesNestInOurs_andOursInTheirs() {
        var server = tracing.server(_ -> null);
        server.context(Context.of("orders")).run(() -> {
            var library = tracing.openTelemetry()
                    .getTracer("jdbc")
                    .spanBuilder("SELECT")
                    .startSpan();
            try (var _ = library.makeCurrent()) {
                tracing.span("mapping", () -> {});
            }
            library.end();
        });
        server.end("GET", "/", "/", 200, null);
        assertThat(Span.current().getSpanContext().isValid()).isFalse();

        var spans = spans();
        assertThat(spans.get("SELECT").getParentSpanId()).isEqualTo(server.ids().spanId());
        assertThat(spans.get("mapping").getParentSpanId())
                .isEqualTo(spans.get("SELECT").getSpanId());
    }

    @Test
    void whatIsNotSampledIsNotRecorded_norAreTheSpansOfLibrariesInIt() {
        var server = tracing.server(Map.of("traceparent", "00-" + TRACE + "-" + SPAN + "-00")::get);
        assertThat(server.isRecorded()).isFalse();
        server.context(Context.of("orders")).run(() -> {
            tracing.span("quote", () -> {});
            tracing.openTelemetry()
                    .getTracer("jdbc")
                    .spanBuilder("SELECT")
                    .startSpan()
                    .end();
            assertThat(tracing.client().isRecorded()).isFalse();
            assertThat(Span.current().getSpanContext().getTraceId()).isEqualTo(TRACE);
        });
        server.end("GET", "/", "/", 500, new IOException());

        assertThat(spans()).isEmpty();
        assertThat(server.ids().sampled()).isFalse();
    }

    @Test
    void theRatioChoosesAmongTracesThatBeginHere() {
        var some = recording(RECORDING.withSampling(new Percent(0.25)));
        int recorded = 0;
        for (int i = 0; i < 4_000; i++) {
            var span = some.server(_ -> null);
            assertThat(span.isRecorded()).isEqualTo(span.ids().sampled());
            if (span.isRecorded()) {
                recorded++;
                assertThat(Ids.low(span.ids().traceId())).isLessThan(Long.MAX_VALUE / 4);
            }
            span.end("GET", "/", "/", 200, null);
        }
        assertThat(recorded).isBetween(850, 1150);
        some.close(Duration.ofSeconds(5));

        var none = recording(RECORDING.withSampling(new Percent(0)));
        assertThat(none.server(_ -> null).isRecorded()).isFalse();
        assertThat(none.server(SAMPLED_PARENT::get).isRecorded()).isTrue();
        assertThat(none.server(Map.of("b3", "1")::get).isRecorded()).isTrue();
        assertThat(tracing.server(Map.of("b3", "0")::get).isRecorded()).isFalse();
        none.close(Duration.ofSeconds(5));
    }

    @Test
    void aRequestIdBeginsATraceOfThatId_recordedToo() {
        var span = tracing.server(Map.of("x-request-id", "0AF76519-16CD-43DD-8448-EB211C80319C")::get);
        span.end("GET", "/", "/", 200, null);

        assertThat(span.ids().traceId()).isEqualTo(TRACE);
        assertThat(span.ids().parentId()).isEmpty();
        assertThat(spans().get("GET /").getTraceId()).isEqualTo(TRACE);
        assertThat(kept.spans.getFirst().getParentSpanContext().isValid()).isFalse();
    }

    @Test
    void aBlockOutsideAnyTraceBeginsOne() {
        disabled.span("job", () -> {
            assertThat(Context.current().trace().traceId()).matches("[0-9a-f]{32}");
            assertThat(Context.current().trace().sampled()).isFalse();
        });
        tracing.span("job", () -> tracing.span("step", () -> {}));

        var spans = spans();
        assertThat(spans.get("step").getParentSpanId())
                .isEqualTo(spans.get("job").getSpanId());
    }

    @Test
    void aBlockPassesOnWhatItReturnsAndThrows() {
        assertThat(tracing.<String, RuntimeException>span("job", () -> "x")).isEqualTo("x");
        assertThatThrownBy(() -> tracing.span("failing", () -> {
                    throw new IOException("down");
                }))
                .isExactlyInstanceOf(IOException.class);

        assertThat(spans().get("failing").getStatus()).isEqualTo(StatusData.error());
    }

    @Test
    void afterTheEndNothingIsRecorded() {
        tracing.close(Duration.ofSeconds(1));

        assertThat(tracing.server(SAMPLED_PARENT::get).isRecorded()).isFalse();
        assertThat(tracing.openTelemetry()
                        .getTracer("x")
                        .spanBuilder("y")
                        .startSpan()
                        .isRecording())
                .isFalse();
    }

    @Test
    void anEndpointIsOfHttp() {
        assertThatThrownBy(() -> TraceConfig.defaults().withEndpoint(URI.create("collector:4318")))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("endpoint 'collector:4318' is not an address of HTTP (expected: http://collector:4318)");
        assertThat(OtlpExporter.tracesUrl(URI.create("http://c:4318"))).isEqualTo("http://c:4318/v1/traces");
        assertThat(OtlpExporter.tracesUrl(URI.create("http://c:4318/"))).isEqualTo("http://c:4318/v1/traces");
        assertThat(OtlpExporter.tracesUrl(URI.create("http://c/otlp"))).isEqualTo("http://c/otlp");
    }
}
