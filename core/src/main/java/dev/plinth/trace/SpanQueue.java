package dev.plinth.trace;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The spans that wait for the collector. OpenTelemetry's batches do the work; the bound is kept in front of them, since
 * they tell nobody how many they drop.
 */
final class SpanQueue implements SpanProcessor {
    private final int bound;
    private final SpanExporter exporter;
    private final BatchSpanProcessor batches;
    private final SpanCounts counts;
    private final AtomicInteger waiting = new AtomicInteger();

    SpanQueue(TraceConfig config, SpanExporter exporter, SpanCounts counts) {
        this.bound = config.queue();
        this.exporter = exporter;
        this.counts = counts;
        this.batches = BatchSpanProcessor.builder(new Settling())
                .setMaxQueueSize(config.queue() + config.batch())
                .setMaxExportBatchSize(Math.min(config.batch(), config.queue()))
                .setScheduleDelay(config.interval())
                .setExporterTimeout(config.timeout().plusSeconds(1))
                .build();
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (!span.getSpanContext().isSampled()) {
            return;
        }
        if (waiting.incrementAndGet() > bound) {
            waiting.decrementAndGet();
            counts.dropped.increment();
        } else {
            batches.onEnd(span);
        }
    }

    @Override
    public void onStart(Context parentContext, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    @Override
    public CompletableResultCode forceFlush() {
        return batches.forceFlush();
    }

    /** The provider asks for it; {@link #close} has done it by then. */
    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }

    /** Sends what waits, for {@code limit} at most; whatever is on its way then is given up. */
    void close(Duration limit) {
        batches.forceFlush().join(limit.toNanos(), TimeUnit.NANOSECONDS);
        exporter.shutdown();
        batches.shutdown().join(1, TimeUnit.SECONDS);
    }

    /** Takes spans off the count when the exporter is done with them, well or not. */
    private final class Settling implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            int size = spans.size();
            var result = exporter.export(spans);
            result.whenComplete(() -> {
                waiting.addAndGet(-size);
                (result.isSuccess() ? counts.exported : counts.dropped).add(size);
            });
            return result;
        }

        @Override
        public CompletableResultCode flush() {
            return exporter.flush();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
