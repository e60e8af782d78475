package dev.plinth.benchmarks;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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

    /** Sends the request once to learn what the answer looks like. */
    Load(int port, String path) throws IOException {
        this.port = port;
        this.request = ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
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
            var length = head.toString().toLowerCase(java.util.Locale.ROOT).split("content-length: ", 2);
            if (!head.toString().startsWith("HTTP/1.1 200") || length.length < 2) {
                throw new IOException("the answer is no 200 of known length: " + head);
            }
            this.answerLength = head.length() + Integer.parseInt(length[1].substring(0, length[1].indexOf('\r')));
        }
    }

    /** Runs for that long and returns how many requests were answered. */
    long run(int connections, double seconds) throws InterruptedException, ExecutionException {
        var end = System.nanoTime() + (long) (seconds * 1e9);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var counts = new ArrayList<Future<Long>>();
            for (var i = 0; i < connections; i++) {
                counts.add(threads.submit(() -> runConnection(end)));
            }
            var sum = 0L;
            for (var count : counts) {
                sum += count.get();
            }
            return sum;
        }
    }

    private long runConnection(long end) throws IOException {
        var count = 0L;
        var answer = new byte[answerLength];
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
            var out = socket.getOutputStream();
            var in = new DataInputStream(socket.getInputStream());
            while (System.nanoTime() < end) {
                out.write(request);
                in.readFully(answer);
                if (answer[9] != '2') {
                    throw new IOException("not answered with 2xx: " + new String(answer, StandardCharsets.US_ASCII));
                }
                count++;
            }
        }
        return count;
    }
}
