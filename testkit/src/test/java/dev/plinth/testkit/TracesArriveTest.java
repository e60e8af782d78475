package dev.plinth.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.context.Context;
import dev.plinth.testkit.ReceivedSpan.Event;
import dev.plinth.testkit.ReceivedSpan.Kind;
import dev.plinth.testkit.ReceivedSpan.Status;
import dev.plinth.time.Time;
import dev.plinth.trace.TraceConfig;
import dev.plinth.trace.Tracing;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TracesArriveTest {
    private OtlpReceiver collector;

    @BeforeEach
    void start() throws IOException {
        collector = OtlpReceiver.start();
    }

    @AfterEach
    void close() {
        collector.close();
    }

    private Tracing tracing(String service) {
        return new Tracing(
                service,
                "1.2.3",
                service + "-1",
                TraceConfig.defaults().withEndpoint(collector.endpoint()),
                Time.system());
    }

    @Test
    void oneTraceCrossesTwoServicesAndAVirtualThread() throws InterruptedException {
        var orders = tracing("orders");
        var pricing = tracing("pricing");

        var incoming =
                Map.of("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "tracestate", "a=1");
        var first = orders.server(incoming::get);
        var headers = new HashMap<String, String>();
        var thread = first.context(Context.of("orders"))
                .call(() -> Context.start("quoting", () -> {
                    var client = orders.client();
                    orders.write(client.context(), headers::put);
                    var second = pricing.server(headers::get);
                    second.context(Context.of("pricing")).run(() -> Span.current()
                            .setAttribute(AttributeKey.longArrayKey("tariffs"), List.of(7L, 9L))
                            .setAttribute("discount", 0.5)
                            .setAttribute("gift", true));
                    second.end("GET", "/quotes/9", "/quotes/{id}", 503, new IllegalStateException("secret"));
                    client.end("GET", "http://pricing/quotes/9", "/quotes/{id}", 503, null);
                }));
        thread.join();
        first.end("POST", "/orders", "/orders", 201, null);
        orders.close(Duration.ofSeconds(10));
        pricing.close(Duration.ofSeconds(10));

        var spans = collector.await(3).stream()
                .collect(Collectors.toMap(span -> span.service() + " " + span.kind(), Function.identity()));
        var server = spans.get("orders SERVER");
        var client = spans.get("orders CLIENT");
        var second = spans.get("pricing SERVER");
        assertThat(spans.values()).extracting(ReceivedSpan::traceId).containsOnly("0af7651916cd43dd8448eb211c80319c");
        assertThat(spans.values()).extracting(ReceivedSpan::traceState).containsOnly("a=1");
        assertThat(spans.values()).extracting(ReceivedSpan::scope).containsOnly("dev.plinth");
        assertThat(server.parentSpanId()).isEqualTo("b7ad6b7169203331");
        assertThat(server.spanId()).isEqualTo(first.ids().spanId());
        assertThat(server.name()).isEqualTo("POST /orders");
        assertThat(server.status()).isEqualTo(Status.UNSET);
        assertThat(server.attributes()).containsEntry("http.response.status_code", 201L);
        assertThat(server.resource())
                .containsEntry("service.name", "orders")
                .containsEntry("service.version", "1.2.3")
                .containsEntry("service.instance.id", "orders-1");
        assertThat(server.startNanos()).isPositive().isLessThanOrEqualTo(server.endNanos());
        assertThat(client.parentSpanId()).isEqualTo(server.spanId());
        assertThat(client.kind()).isEqualTo(Kind.CLIENT);
        assertThat(second.parentSpanId()).isEqualTo(client.spanId());
        assertThat(second.status()).isEqualTo(Status.ERROR);
        assertThat(second.attributes())
                .containsEntry("tariffs", List.of(7L, 9L))
                .containsEntry("discount", 0.5)
                .containsEntry("gift", true)
                .containsEntry("error.type", "java.lang.IllegalStateException");
        assertThat(second.events())
                .extracting(Event::name, Event::attributes)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(
                        "exception", Map.of("exception.type", "java.lang.IllegalStateException")));
    }

    @Test
    void aCollectorThatSaysLaterGetsTheSpansLater() throws InterruptedException {
        collector.answer(503);
        var tracing = tracing("orders");
        tracing.server(_ -> null).end("GET", "/", "/", 200, null);
        while (collector.requests() == 0) {
            Thread.onSpinWait();
        }
        collector.answer(200);

        assertThat(collector.await(1)).hasSize(1);
        tracing.close(Duration.ofSeconds(10));
        assertThat(tracing.exportedSpans()).isEqualTo(1);
        assertThat(tracing.droppedSpans()).isZero();
    }
}
