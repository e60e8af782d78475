package dev.plinth.log;

import dev.plinth.schema.ByteSize;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import java.nio.file.Path;

/**
 * The section {@code log.file}: lines into a file that is put aside when it is full.
 *
 * <p>{@code orders.log} becomes {@code orders-2026-11-21T03-15-09.862220Z.log}. All together take at most {@code
 * max-size} times {@code max-files} and one. The file may be removed, renamed or cut to nothing from outside ({@code
 * logrotate} in all its ways): a new one is there within a second of the next line.
 *
 * @param path where it is; its folders are made, what it has already stays
 * @param format as {@code log.format}; {@code auto} takes that one, or {@code json} where that is {@code auto} too
 * @param maxSize put aside before it passes this; 64KiB at least
 * @param daily put aside at midnight UTC as well
 * @param maxFiles how many files put aside are kept; the oldest are deleted
 */
@Doc("A file of lines, beside or instead of standard output.")
public record LogFile(
        @NotNull @Doc("Where it is; folders are made, an existing file is continued.") Path path,
        @Default("auto") @Doc("As log.format; auto takes that one, or json where that is auto too.") LogFormat format,
        @Default("100MiB") @Doc("Put aside before it passes this.") ByteSize maxSize,
        @Default("false") @Doc("Put aside at midnight UTC as well.") boolean daily,
        @Default("10") @PositiveOrZero @Doc("How many files put aside are kept.") int maxFiles) {
    private static final long SMALLEST = 64 * 1024;

    public LogFile {
        if (maxSize.bytes() < SMALLEST) {
            throw new IllegalArgumentException("max-size: " + maxSize + " (expected: 64KiB or more)");
        }
    }
}
