package dev.plinth.log;

import java.io.Closeable;
import java.io.IOException;

/** Takes lines that are encoded already. For one thread at a time. */
interface LineOutput extends Closeable {
    /** Writes the first {@code length} bytes of {@code lines}: whole lines, many at once. */
    void write(byte[] lines, int length) throws IOException;

    @Override
    default void close() throws IOException {}
}
