package dev.plinth.benchmarks;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A closed loop of equal requests over kept connections: each connection sends the next request when it has its answer. The
 * answers are read to the last byte and must all be as long as the first, which is looked at.
 */
final class Load {
    private final int port;
    private final byte[] request;
    private final int answerLength;

    /**
     * What came of a run.
     *
     * @param count requests that were answered
     * @param nanos how long each took, sorted
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Run(long count, long[] nanos) {
        double percentileMillis(double percent) {
            return nanos[(int) Math.min(nanos.length - 1, nanos.length * percent / 100)] / 1e6;
        }
    }

    /** Sends the request once to learn what the answer looks like. */
    Load(int port, String path) throws IOException {
        this(port, bytes("GET", path, ""));
    }

    /** The same for any request. */
    Load(int port, byte[] request) throws IOException {
        this.port = port;
        this.request = request;
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request);
            var head = new StringBuilder();
            var in = socket.getInputStream();
            while (head.indexOf("\r\n\r\n") < 0) {
                var b = in.read();
                if (b < 0) {
                    throw new IOException("the answer ended in its head: " + head);
                }
                head.append((char) b);
            }
            var length = head.toString().toLowerCase(Locale.ROOT).split("content-length: ", 2);
            if (!head.toString().startsWith("HTTP/1.1 2") || length.length < 2) {
                throw new IOException("the answer is no 2xx of known length: " + head);
            }
            this.answerLength = head.length() + Integer.parseInt(length[1].substring(0, length[1].indexOf('\r')));
        }
    }

    /** A request with a JSON body, or none where it is empty. */
    static byte[] bytes(String method, String path, String json) {
        var body = json.isEmpty() ? "" : "Content-Type: application/json\r\nContent-Length: " + json.length() + "\r\n";
        return (method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n" + body + "\r\n" + json)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Runs for that long and returns how many requests were answered. */
    long run(int connections, double seconds) throws InterruptedException, ExecutionException {
        return measure(connections, seconds).count;
    }

    /** Runs for that long. */
    Run measure(int connections, double seconds) throws InterruptedException, ExecutionException {
        var end = System.nanoTime() + (long) (seconds * 1e9);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var runs = new ArrayList<Future<long[]>>();
            for (var i = 0; i < connections; i++) {
                runs.add(threads.submit(() -> runConnection(end)));
            }
            var all = new ArrayList<long[]>();
            var sum = 0;
            for (var run : runs) {
                all.add(run.get());
                sum += all.getLast().length;
            }
            var nanos = new long[sum];
            var at = 0;
            for (var each : all) {
                System.arraycopy(each, 0, nanos, at, each.length);
                at += each.length;
            }
            Arrays.sort(nanos);
            return new Run(sum, nanos);
        }
    }

    private long[] runConnection(long end) throws IOException {
        var count = 0;
        var nanos = new long[1024];
        var answer = new byte[answerLength];
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
            var out = socket.getOutputStream();
            var in = new DataInputStream(socket.getInputStream());
            for (var begin = System.nanoTime(); begin < end; ) {
                out.write(request);
                in.readFully(answer);
                if (answer[9] != '2') {
                    throw new IOException("not answered with 2xx: " + new String(answer, StandardCharsets.US_ASCII));
                }
                if (count == nanos.length) {
                    nanos = Arrays.copyOf(nanos, 2 * count);
                }
                var now = System.nanoTime();
                nanos[count++] = now - begin;
                begin = now;
            }
        }
        return Arrays.copyOf(nanos, count);
    }
}
