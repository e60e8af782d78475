package dev.plinth.cli;

import dev.plinth.secret.Secret;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes a value that nobody may see: asked for without echo on a terminal, read from standard input elsewhere. Never from
 * the command line, which other users and the shell's history see.
 *
 * @param in standard input
 * @param console the terminal; null if there is none for both input and output
 * @param typed whether standard input is a terminal
 */
record Whisper(InputStream in, @Nullable Console console, boolean typed) {
    private static final int MAX_BYTES = 1 << 20;

    /** That of this process. */
    @SuppressWarnings("SystemConsoleNull") // null without a terminal: up to JDK 21, and again from 25 on
    static Whisper ofProcess() {
        var console = System.console();
        var terminal = console != null && console.isTerminal() ? console : null;
        return new Whisper(System.in, terminal, terminal != null || Boolean.getBoolean("plinth.typed"));
    }

    /**
     * The value, without the line end after it.
     *
     * @param name what it is, for the question
     * @param twice whether it is asked for again, since nobody sees what he types
     */
    Secret take(String name, boolean twice) {
        if (!typed) {
            return read(name);
        }
        if (console == null) {
            throw Failure.usage(
                    "a " + name + " can be typed in only where standard output is the terminal too. Give it on"
                            + " standard input.");
        }
        var first = ask(console, name + ": ");
        if (twice && !Arrays.equals(first, ask(console, "again: "))) {
            throw Failure.failed("the two are not the same");
        }
        return checked(name, new String(first));
    }

    private static char[] ask(Console console, String question) {
        var typed = console.readPassword("%s", question);
        if (typed == null) {
            throw Failure.failed("nothing was typed in");
        }
        return typed;
    }

    private Secret read(String name) {
        try {
            var bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw Failure.failed("the " + name + " on standard input is larger than 1 MiB");
            }
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            int end =
                    text.endsWith("\r\n") ? text.length() - 2 : text.endsWith("\n") ? text.length() - 1 : text.length();
            return checked(name, text.substring(0, end));
        } catch (CharacterCodingException e) {
            throw Failure.failed("the " + name + " on standard input is no text (expected: UTF-8)");
        } catch (IOException e) {
            throw Failure.failed("standard input can't be read: " + Failure.reason(e));
        }
    }

    private static Secret checked(String name, String text) {
        if (text.isEmpty()) {
            throw Failure.usage("there is no " + name + " on standard input");
        }
        return Secret.of(text);
    }
}
