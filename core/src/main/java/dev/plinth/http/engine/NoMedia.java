package dev.plinth.http.engine;

import io.helidon.common.GenericType;
import io.helidon.http.Headers;
import io.helidon.http.WritableHeaders;
import io.helidon.http.media.EntityReader;
import io.helidon.http.media.EntityWriter;
import io.helidon.http.media.MediaContext;
import io.helidon.http.media.MediaContextConfig;

/** Helidon's conversion of bodies, which is never asked: bodies are bytes here. */
final class NoMedia implements MediaContext {
    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("bodies are bytes");
    }

    @Override
    public <T> EntityReader<T> reader(GenericType<T> type, Headers headers) {
        throw unused();
    }

    @Override
    public <T> EntityWriter<T> writer(GenericType<T> type, Headers request, WritableHeaders<?> response) {
        throw unused();
    }

    @Override
    public <T> EntityReader<T> reader(GenericType<T> type, Headers request, Headers response) {
        throw unused();
    }

    @Override
    public <T> EntityWriter<T> writer(GenericType<T> type, WritableHeaders<?> request) {
        throw unused();
    }

    @Override
    public MediaContextConfig prototype() {
        throw unused();
    }
}
