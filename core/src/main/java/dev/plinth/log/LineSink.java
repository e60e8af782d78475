package dev.plinth.log;

import java.io.IOException;
import java.util.List;

/** Encodes records as lines, many for one write. */
final class LineSink implements Sink {
    /** What a pipe takes at once on Linux. */
    private static final int CHUNK = 64 * 1024;

    private final Encoder encoder;
    private final LineOutput output;
    private final Lines lines = new Lines();

    LineSink(Encoder encoder, LineOutput output) {
        this.encoder = encoder;
        this.output = output;
    }

    @Override
    public void write(List<LogRecord> records) throws IOException {
        lines.shrink(4 * CHUNK);
        for (var i = 0; i < records.size(); i++) {
            encoder.encode(records.get(i), lines);
            if (lines.length() >= CHUNK) {
                output.write(lines.bytes(), lines.length());
                lines.clear();
            }
        }
        if (lines.length() > 0) {
            output.write(lines.bytes(), lines.length());
        }
    }

    @Override
    public void close() throws IOException {
        output.close();
    }
}
