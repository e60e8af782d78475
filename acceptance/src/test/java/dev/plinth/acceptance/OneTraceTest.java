package dev.plinth.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.testkit.OtlpReceiver;
import dev.plinth.testkit.ReceivedSpan;
import dev.plinth.testkit.TestService;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A trace that a caller began crosses two services and a virtual thread, and arrives at a collector as one. */
@Timeout(60)
class OneTraceTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @Test
    void crossesServicesAndThreads() throws Exception {
        try (var collector = OtlpReceiver.start()) {
            var endpoint = "trace.endpoint=" + collector.endpoint();
            try (var back = TestService.start(Desk::main, endpoint);
                    var front = TestService.start(
                            Desk::main,
                            endpoint,
                            "settings.calls=true",
                            "clients.back.url=http://127.0.0.1:"
                                    + back.service().port())) {
                var answer = front.send(
                        "GET", front.uri("/relay"), null, "traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");
                assertThat(answer.status()).isEqualTo(200);
            }
            var spans = collector.spans();
            assertThat(spans).extracting(ReceivedSpan::traceId).containsOnly(TRACE);
            var relay = named(spans, "GET /relay");
            var think = named(spans, "think");
            var hello = named(spans, "GET /hello", ReceivedSpan.Kind.SERVER);
            var call = named(spans, "GET /hello", ReceivedSpan.Kind.CLIENT);
            assertThat(relay.parentSpanId()).isEqualTo("00f067aa0ba902b7");
            assertThat(think.parentSpanId()).isEqualTo(relay.spanId());
            assertThat(call.parentSpanId()).isEqualTo(relay.spanId());
            assertThat(hello.parentSpanId()).isEqualTo(call.spanId());
        }
    }

    private static ReceivedSpan named(List<ReceivedSpan> spans, String name) {
        return spans.stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ReceivedSpan named(List<ReceivedSpan> spans, String name, ReceivedSpan.Kind kind) {
        return spans.stream()
                .filter(span -> span.name().equals(name) && span.kind() == kind)
                .findFirst()
                .orElseThrow();
    }
}
