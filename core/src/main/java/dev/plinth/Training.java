package dev.plinth;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A short run that loads what a real one loads: the JVM writes an ahead-of-time cache from it. The service starts on free
 * ports of the loopback, is asked by itself what balancers and Prometheus ask, and stops. No route of the service's own
 * is called, since that might change something.
 */
final class Training {
    private Training() {}

    static void requests(Service service) throws IOException {
        for (int i = 0; i < 20; i++) {
            get(service.port(), "/health/ready");
            get(service.port(), "/no-such-path");
            get(service.adminPort(), "/health");
            get(service.adminPort(), "/metrics");
            get(service.adminPort(), "/config");
        }
    }

    private static void get(int port, String path) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
        }
    }
}
