package dev.plinth.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A way to pack answers (RFC 9110, section 8.4.1). gzip is built in; an artifact brings brotli by {@link
 * java.util.ServiceLoader}, which is looked for where {@code http.brotli-above} is set. The implementation is public, with a
 * public constructor without parameters, and thread-safe.
 */
public interface ContentCoding {
    /** As {@code Accept-Encoding} and {@code Content-Encoding} call it: {@code br}. */
    String name();

    /**
     * What packs, on its way to {@code to}. A flush sends all that was written so far; closing completes it and closes
     * {@code to}.
     */
    OutputStream pack(OutputStream to) throws IOException;

    /** The one that nearly every client takes. */
    static ContentCoding gzip() {
        return new ContentCoding() {
            @Override
            public String name() {
                return "gzip";
            }

            @Override
            public OutputStream pack(OutputStream to) throws IOException {
                return new GZIPOutputStream(to, 4096, true);
            }
        };
    }
}
