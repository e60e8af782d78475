package dev.plinth.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class OtlpReceiverTest {
    private static int post(OtlpReceiver to, String path, String contentType, String hex)
            throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(to.endpoint().resolve(path))
                    .header("Content-Type", contentType)
                    .POST(BodyPublishers.ofByteArray(HexFormat.of().parseHex(hex)))
                    .build();
            return client.send(request, BodyHandlers.discarding()).statusCode();
        }
    }

    @Test
    void takesWhatIsOtlp_andRefusesTheRest() throws Exception {
        try (var collector = OtlpReceiver.start()) {
            assertThat(post(collector, "/v1/traces", "application/x-protobuf", ""))
                    .isEqualTo(200);
            // resource_spans { scope_spans { spans { trace_id: ab, span_id: cd, name: "x", kind: SERVER } } }
            assertThat(post(collector, "/v1/traces", "application/x-protobuf", "0a0f120d120b0a01ab1201cd2a01783002"))
                    .isEqualTo(200);
            assertThat(post(collector, "/v1/traces", "application/json", "7b7d"))
                    .isEqualTo(415);
            assertThat(post(collector, "/", "application/x-protobuf", "")).isEqualTo(404);
            collector.answer(429);
            assertThat(post(collector, "/v1/traces", "application/x-protobuf", ""))
                    .isEqualTo(429);

            assertThat(collector.requests()).isEqualTo(5);
            assertThat(collector.await(1)).singleElement().satisfies(span -> {
                assertThat(span.traceId()).isEqualTo("ab");
                assertThat(span.spanId()).isEqualTo("cd");
                assertThat(span.name()).isEqualTo("x");
                assertThat(span.kind()).isEqualTo(ReceivedSpan.Kind.SERVER);
                assertThat(span.service()).isEmpty();
            });
        }
    }

    @Test
    void whatIsMalformedFailsTheTestThatWaits() throws Exception {
        try (var collector = OtlpReceiver.start()) {
            assertThat(post(collector, "/v1/traces", "application/x-protobuf", "0aff01"))
                    .isEqualTo(400);

            assertThatThrownBy(() -> collector.await(1))
                    .isExactlyInstanceOf(AssertionError.class)
                    .hasMessage("Not a protobuf message: length 255 in field 1 at byte 3");
        }
    }
}
