package dev.plinth.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;

/** Decides on traces that begin here: ours are chosen already, a library's by the ratio. */
record RatioSampler(double sampling) implements Sampler {
    static Sampler parentBased(double sampling) {
        return Sampler.parentBased(new RatioSampler(sampling));
    }

    @Override
    public SamplingResult shouldSample(
            Context parentContext,
            String traceId,
            String name,
            SpanKind spanKind,
            Attributes attributes,
            List<LinkData> parentLinks) {
        return Recorder.CHOSEN.isBound() || Tracing.isChosen(traceId, sampling)
                ? SamplingResult.recordAndSample()
                : SamplingResult.drop();
    }

    @Override
    public String getDescription() {
        return "RatioSampler{" + sampling + "}";
    }
}
