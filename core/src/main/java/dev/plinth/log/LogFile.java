package dev.plinth.log;

import java.nio.file.Path;

/**
 * A file of lines, under {@code log.file}.
 *
 * @param path where; folders are made. An existing file is appended to
 * @param format as {@code log.format}; {@code auto} is that one, or {@code json} where that one is {@code auto}
 * @param maxSize put aside when it would pass this
 * @param daily put aside at midnight UTC too
 * @param maxFiles how many that were put aside are kept; older ones are deleted
 */
public record LogFile(Path path, LogFormat format, ByteSize maxSize, boolean daily, int maxFiles) {}
