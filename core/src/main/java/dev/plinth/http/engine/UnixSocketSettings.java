package dev.plinth.http.engine;

import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * A Unix domain socket to listen on.
 *
 * @param path the file that stands for it
 * @param mode who may connect, which is who may write to the file
 * @param only whether it is instead of a port
 */
public record UnixSocketSettings(Path path, Set<PosixFilePermission> mode, boolean only) {}
