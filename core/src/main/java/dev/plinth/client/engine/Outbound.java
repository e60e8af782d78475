package dev.plinth.client.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way out.
 *
 * @param method in capitals
 * @param path percent-encoded, with the query; begins with a slash
 * @param headers names and values in turn, already judged; without {@code Host} and those of the connection
 * @param body null where there is none
 */
public record Outbound(String method, String path, List<String> headers, @Nullable Body body) {
    /** What is sent. */
    public interface Body {
        /** How many bytes; -1 where that is not known. */
        long length();

        /** All of it, where it is in memory; else null. */
        default byte @Nullable [] bytes() {
            return null;
        }

        /** Writes all of it. Called once for each attempt. */
        void writeTo(OutputStream to) throws IOException;
    }

    /** A body in memory. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
    public record Bytes(byte[] bytes) implements Body {
        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public void writeTo(OutputStream to) throws IOException {
            to.write(bytes);
        }
    }

    boolean isHead() {
        return method.equals("HEAD");
    }
}
