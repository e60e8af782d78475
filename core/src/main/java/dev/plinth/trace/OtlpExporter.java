package dev.plinth.trace;

import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.util.Collection;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * OpenTelemetry's exporter, opened by the first batch and on its thread: it brings an HTTP client with TLS, which costs
 * hundreds of milliseconds. Of a collector that can't be reached one line is told, and one when it is back.
 */
final class OtlpExporter implements SpanExporter {
    private static final Logger log = LoggerFactory.getLogger(OtlpExporter.class);

    /** It would print a stack trace for each batch. Held here, because java.util.logging forgets loggers nobody holds. */
    private static final java.util.logging.Logger LIBRARY =
            java.util.logging.Logger.getLogger("io.opentelemetry.exporter");

    private final TraceConfig config;
    private final SpanCounts counts;
    private final String endpoint;
    private @Nullable OtlpHttpSpanExporter exporter;
    private @Nullable ExecutorService sender;
    private boolean closed;
    private boolean failing;
    private long droppedBefore;

    OtlpExporter(TraceConfig config, SpanCounts counts) {
        this.config = config;
        this.counts = counts;
        this.endpoint = tracesUrl(config.endpoint().orElseThrow());
    }

    static String tracesUrl(URI endpoint) {
        var path = endpoint.getPath();
        return path == null || path.isEmpty() || path.equals("/")
                ? endpoint.resolve("/v1/traces").toString()
                : endpoint.toString();
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode result;
        try {
            var open = open();
            if (open == null) {
                return CompletableResultCode.ofFailure();
            }
            result = open.export(spans);
        } catch (RuntimeException thrown) {
            result = CompletableResultCode.ofExceptionalFailure(thrown);
        }
        var ended = result;
        ended.whenComplete(() -> tell(ended));
        return ended;
    }

    private synchronized @Nullable OtlpHttpSpanExporter open() {
        if (exporter == null && !closed) {
            LIBRARY.setLevel(Level.OFF);
            sender = Executors.newCachedThreadPool(
                    Thread.ofPlatform().daemon().name("plinth-trace-sender-", 0).factory());
            var builder = OtlpHttpSpanExporter.builder()
                    .setEndpoint(endpoint)
                    .setTimeout(config.timeout())
                    .setConnectTimeout(config.timeout())
                    .setExecutorService(sender);
            config.headers().forEach((name, value) -> builder.addHeader(name, value.reveal()));
            exporter = builder.build();
        }
        return closed ? null : exporter;
    }

    private synchronized void tell(CompletableResultCode result) {
        if (closed || result.isSuccess() != failing) {
            return;
        }
        if (failing) {
            failing = false;
            log.info("Traces reach {} again; {} spans were dropped", endpoint, counts.dropped.sum() - droppedBefore);
        } else {
            failing = true;
            droppedBefore = counts.dropped.sum();
            log.warn(
                    "Traces do not reach {}: {}. Spans are dropped and counted until they do. See trace.endpoint",
                    endpoint,
                    reason(result.getFailureThrowable()));
        }
    }

    /** The status of an answer; else what the HTTP client says, inside the library's wrappings. */
    private static String reason(@Nullable Throwable failure) {
        if (failure instanceof HttpExportException refused && refused.getResponse() != null) {
            return "it answers " + refused.getResponse().getStatusCode();
        }
        Throwable first = null;
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "its host is unknown";
            }
            if (first == null && cause instanceof IOException) {
                first = cause;
            }
        }
        return String.valueOf(first == null ? failure : first);
    }

    @Override
    public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
        OtlpHttpSpanExporter open;
        synchronized (this) {
            closed = true;
            if (sender != null) {
                sender.shutdownNow();
            }
            open = exporter;
        }
        return open == null ? CompletableResultCode.ofSuccess() : open.shutdown();
    }
}
