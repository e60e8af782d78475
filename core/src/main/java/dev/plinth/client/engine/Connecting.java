package dev.plinth.client.engine;

import dev.plinth.context.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The making of one connection: the name is resolved, its addresses are tried in turn, TLS shakes hands; all in time. */
final class Connecting {
    private final Target target;
    private final TransportSettings settings;
    private final Deadline until;
    private final Duration limit;

    Connecting(Target target, TransportSettings settings, Deadline deadline) {
        this.target = target;
        this.settings = settings;
        this.limit = deadline.atMost(settings.connectTimeout());
        this.until = Deadline.after(deadline.time(), limit);
    }

    Wire open(Pool pool) throws Fault {
        IOException last = null;
        try {
            for (var address : addresses()) {
                try {
                    return open(pool, address);
                } catch (IOException failed) {
                    if (last != null) {
                        failed.addSuppressed(last);
                    }
                    last = failed;
                    if (until.expired() || Thread.currentThread().isInterrupted()) {
                        break;
                    }
                }
            }
        } catch (UnknownHostException unknown) {
            throw Fault.notSent(Fault.Kind.UNREACHABLE, "can't connect: unknown host " + target.host(), unknown);
        } catch (IOException slow) {
            last = slow;
        }
        if (Thread.currentThread().isInterrupted()) {
            throw Fault.notSent(Fault.Kind.INTERRUPTED, "interrupted while it connected", last);
        }
        var why = last instanceof SocketTimeoutException || until.expired()
                ? "no connection within " + limit.toMillis() + " ms"
                : last == null ? "no address" : Wire.reason(last);
        throw Fault.notSent(Fault.Kind.UNREACHABLE, "can't connect: " + why, last);
    }

    /** The system's resolver knows no time-out, so a thread of its own waits for it. */
    private InetAddress[] addresses() throws IOException {
        try {
            return new InetAddress[] {InetAddress.ofLiteral(target.host())};
        } catch (IllegalArgumentException aName) {
            var looking = new FutureTask<>(() -> InetAddress.getAllByName(target.host()));
            Thread.ofVirtual().name("resolve-" + target.host()).start(looking);
            try {
                return looking.get(until.remaining().toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException slow) {
                throw new SocketTimeoutException("the name was not resolved in time");
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", interrupted);
            } catch (ExecutionException failed) {
                throw failed.getCause() instanceof IOException unknown ? unknown : new IOException(failed.getCause());
            }
        }
    }

    private Wire open(Pool pool, InetAddress address) throws IOException {
        var channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(new InetSocketAddress(address, target.port()), millisLeft());
            var socket = target.secure() ? shakeHands(channel.socket()) : channel.socket();
            return new Wire(pool, channel, socket, target.secure(), until);
        } catch (IOException | RuntimeException | Error failed) {
            channel.close();
            throw failed;
        }
    }

    private Socket shakeHands(Socket plain) throws IOException {
        plain.setSoTimeout(millisLeft());
        // Each read of the handshake may wait that long; all of them together end with this timer.
        var cut = until.time().after(until.remaining(), () -> {
            try {
                plain.close();
            } catch (IOException alreadyGone) {
                // The handshake has ended by itself.
            }
        });
        try {
            var tls = settings.tls() == null ? Tls.DEFAULT : settings.tls();
            return tls.over(plain, target);
        } finally {
            cut.cancel();
        }
    }

    private int millisLeft() throws SocketTimeoutException {
        long millis = until.remaining().toMillis();
        if (until.expired()) {
            throw new SocketTimeoutException("the time to connect is over");
        }
        return Math.clamp(millis, 1, Integer.MAX_VALUE);
    }
}
