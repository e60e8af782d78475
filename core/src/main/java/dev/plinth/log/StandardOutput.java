package dev.plinth.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;

/**
 * Standard output: the file descriptor itself, which tells when it fails, as {@code System.out} doesn't; but {@code
 * System.out} where somebody put another stream there, as test runners do.
 */
final class StandardOutput implements LineOutput {
    private final PrintStream first = System.out;
    private final FileOutputStream descriptor = new FileOutputStream(FileDescriptor.out);
    private boolean torn;

    @Override
    public void write(byte[] lines, int length) throws IOException {
        var now = System.out;
        if (!now.equals(first) || now.getClass() != PrintStream.class) {
            now.write(lines, 0, length);
            now.flush();
            return;
        }
        try {
            if (torn) {
                // The write that failed may have stopped within a line.
                descriptor.write('\n');
            }
            descriptor.write(lines, 0, length);
            torn = false;
        } catch (IOException e) {
            torn = true;
            throw e;
        }
    }

    /** Whether a person looks at it. */
    // JDK 25 has no console without a terminal, whatever the check has heard of 22 to 24.
    @SuppressWarnings("SystemConsoleNull")
    static boolean isTerminal() {
        var console = System.console();
        return console != null && console.isTerminal();
    }
}
