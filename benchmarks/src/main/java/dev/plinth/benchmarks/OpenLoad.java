package dev.plinth.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * An open loop: requests come at a rate, whatever becomes of those before, as those of many independent callers do. Each
 * takes a connection that is free, or a new one up to a bound; who finds none has not been served.
 */
final class OpenLoad {
    private static final int MOST_CONNECTIONS = 4000;

    private final int port;
    private final byte[] request;
    private final ConcurrentLinkedDeque<Line> free = new ConcurrentLinkedDeque<>();
    private final AtomicInteger open = new AtomicInteger();

    OpenLoad(int port, String path) {
        this.port = port;
        this.request = Load.bytes("GET", path, "");
    }

    private record Line(Socket socket, InputStream in) {}

    /**
     * What came of it.
     *
     * @param offered requests that were due
     * @param good those answered with 200 within the time that callers wait
     * @param refused those answered with 503
     * @param millis how long each 200 took, late ones too, from when it was due; sorted
     */
    record Seen(int offered, int good, int refused, List<Double> millis) {
        double percentile(double percent) {
            return millis.isEmpty()
                    ? Double.NaN
                    : millis.get((int) Math.min(millis.size() - 1, millis.size() * percent / 100));
        }
    }

    /** Offers so many a second for so long, leaves out of account what is due in the first {@code warm} seconds. */
    Seen run(int rate, double warm, double seconds, double patienceMillis) throws InterruptedException {
        var millis = Collections.synchronizedList(new ArrayList<Double>());
        var good = new AtomicInteger();
        var refused = new AtomicInteger();
        var offered = 0;
        var begin = System.nanoTime();
        var all = (int) ((warm + seconds) * rate);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < all; i++) {
                var due = begin + (long) (i * 1e9 / rate);
                for (var left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                var counts = i >= warm * rate;
                offered += counts ? 1 : 0;
                threads.execute(() -> {
                    var status = call();
                    var took = (System.nanoTime() - due) / 1e6;
                    if (counts && status == 200) {
                        millis.add(took);
                        if (took <= patienceMillis) {
                            good.incrementAndGet();
                        }
                    } else if (counts && status == 503) {
                        refused.incrementAndGet();
                    }
                });
            }
            for (var patience = 0; patience < 200 && !isIdle(); patience++) {
                Thread.sleep(50);
            }
            for (var line = free.poll(); line != null; line = free.poll()) {
                close(line.socket);
            }
            threads.shutdownNow();
        }
        Collections.sort(millis);
        return new Seen(offered, good.get(), refused.get(), millis);
    }

    private boolean isIdle() {
        return free.size() == open.get();
    }

    /** The status; 0 where there was no answer. */
    private int call() {
        var line = free.poll();
        try {
            if (line == null) {
                if (open.incrementAndGet() > MOST_CONNECTIONS) {
                    open.decrementAndGet();
                    return 0;
                }
                line = connect();
            }
            line.socket.getOutputStream().write(request);
            var status = answer(line.in);
            free.push(line);
            return status;
        } catch (IOException broken) {
            open.decrementAndGet();
            if (line != null) {
                close(line.socket);
            }
            return 0;
        }
    }

    private Line connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        return new Line(socket, new BufferedInputStream(socket.getInputStream(), 1024));
    }

    private static int answer(InputStream in) throws IOException {
        var head = new StringBuilder(256);
        while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            var octet = in.read();
            if (octet < 0 || head.length() > 8000) {
                throw new IOException("no answer: " + head);
            }
            head.append((char) octet);
        }
        var lower = head.toString().toLowerCase(java.util.Locale.ROOT);
        var at = lower.indexOf("content-length: ");
        var length = at < 0 ? 0 : Integer.parseInt(lower.substring(at + 16, lower.indexOf('\r', at)));
        in.skipNBytes(length);
        if (lower.contains("connection: close")) {
            throw new IOException("the server has closed");
        }
        return Integer.parseInt(head.substring(9, 12));
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // It is gone.
        }
    }
}
