package dev.plinth.http.engine;

import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A listening Unix domain socket and its file.
 *
 * <p>Which process it belongs to is told by a lock on a file beside it, {@code http.sock.lock}, which the system lets go of
 * however the process ends: so what a killed one has left is replaced, and what a living one uses never is. The socket is
 * bound in a folder that nobody else enters, gets its mode, and is then moved into its place: there is no moment at which it
 * could be opened by somebody who may not, or is there without being served.
 */
final class UnixSocket implements Closeable {
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;

    private final Path path;
    private final FileChannel lockFile;
    private final ServerSocketChannel server;
    private final @Nullable Object key;

    private UnixSocket(Path path, FileChannel lockFile, ServerSocketChannel server) throws IOException {
        this.path = path;
        this.lockFile = lockFile;
        this.server = server;
        this.key = key(path);
    }

    /**
     * Binds it.
     *
     * @throws FileSystemException with the reason, where it is not the address that is wrong
     */
    static UnixSocket open(UnixSocketSettings settings, int backlog) throws IOException {
        var path = settings.path().toAbsolutePath();
        var folder = path.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new FileSystemException(path.toString(), null, "its folder is not there");
        }
        var lockFile = lock(path);
        var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            refuseOthers(path);
            var safe = Files.createTempDirectory(folder, ".plinth");
            var bound = safe.resolve("s");
            try {
                server.bind(UnixDomainSocketAddress.of(bound), backlog);
                Files.setPosixFilePermissions(bound, settings.mode());
                Files.move(bound, path, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(bound);
                Files.delete(safe);
            }
            return new UnixSocket(path, lockFile, server);
        } catch (IOException | RuntimeException failed) {
            server.close();
            lockFile.close();
            throw failed;
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        var file = path.resolveSibling(path.getFileName() + ".lock");
        var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException thisProcess) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new FileSystemException(path.toString(), null, "another process serves it");
        }
        return channel;
    }

    /** What is there must be a socket that nobody listens on: left behind by a process that was killed. */
    private static void refuseOthers(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (((int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & TYPE) != SOCKET) {
            throw new FileSystemException(path.toString(), null, "is there and is no socket");
        }
        boolean served;
        try (var probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            served = probe.isConnected();
        } catch (ConnectException nobody) {
            served = false;
        }
        if (served) {
            throw new FileSystemException(path.toString(), null, "another process serves it");
        }
    }

    private static @Nullable Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    ServerSocketChannel server() {
        return server;
    }

    /** Removes the file, unless somebody has put another in its place, and listens no longer. */
    @Override
    public void close() throws IOException {
        if (!lockFile.isOpen()) {
            return;
        }
        try (lockFile;
                server) {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && key != null && key.equals(key(path))) {
                Files.delete(path);
            }
        }
    }
}
