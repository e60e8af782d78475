package dev.plinth.client.engine;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer whose head is there. Its body is read within the deadline that the request was sent with, and is closed in
 * any case: that gives the connection back. Used by one thread.
 */
public final class Reply implements AutoCloseable {
    private final int status;
    private final String[] fields;
    private final long length;
    private final InputStream body;

    /**
     * An answer.
     *
     * @param fields names in lower case and values, in turn
     * @param length of the body; -1 where that is not known
     * @param body throws {@link Fault} where it fails
     */
    public Reply(int status, String[] fields, long length, InputStream body) {
        this.status = status;
        this.fields = fields;
        this.length = length;
        this.body = body;
    }

    /** The status, 200 to 599. */
    public int status() {
        return status;
    }

    /** The first value of a header, by a name in lower case. */
    public @Nullable String header(String lowerCaseName) {
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i].equals(lowerCaseName)) {
                return fields[i + 1];
            }
        }
        return null;
    }

    /** All values of a header, by a name in lower case. */
    public List<String> headers(String lowerCaseName) {
        var values = new ArrayList<String>(1);
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i].equals(lowerCaseName)) {
                values.add(fields[i + 1]);
            }
        }
        return values;
    }

    /** Names in lower case and values, in turn. */
    public String[] fields() {
        return fields.clone();
    }

    /** The length of the body; -1 where that is not known. */
    public long length() {
        return length;
    }

    /** The body as it was sent. */
    public InputStream body() {
        return body;
    }

    /** Lets go of the connection, which is kept if the body was read to its end. */
    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException gone) {
            // The connection is dropped then, which is all that is left to do.
        }
    }
}
