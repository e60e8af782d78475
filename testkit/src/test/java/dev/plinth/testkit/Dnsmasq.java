package dev.plinth.testkit;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A real name server, started anew on the same port whenever its records change. */
final class Dnsmasq implements AutoCloseable {
    private final String program;
    private final Path folder;
    private final int port;
    private Process process;

    Dnsmasq(String program, Path folder) throws Exception {
        this.program = program;
        this.folder = folder;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        records(List.of());
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** Lines of its configuration: {@code host-record=NAME,ADDRESS,TTL}, {@code srv-host=NAME,TARGET,PORT,PRIORITY,WEIGHT}. */
    synchronized void records(List<String> lines) throws Exception {
        close();
        var text = "port=" + port + "\nlisten-address=127.0.0.1\nbind-interfaces\nno-resolv\nno-hosts\nlocal=/test/\n"
                + "local-ttl=1\nneg-ttl=1\nuser=\npid-file=\n" + String.join("\n", lines) + "\n";
        var file = Files.writeString(folder.resolve("dnsmasq.conf"), text);
        process = new ProcessBuilder(program, "--keep-in-foreground", "--log-facility=-", "--conf-file=" + file)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("dnsmasq.log").toFile())
                .start();
        for (int i = 0; i < 200; i++) {
            if (answers()) {
                return;
            }
            if (!process.isAlive()) {
                break;
            }
        }
        throw new AssertionError("dnsmasq does not answer: " + Files.readString(folder.resolve("dnsmasq.log")));
    }

    private boolean answers() throws IOException {
        try (var socket = new DatagramSocket()) {
            socket.connect(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(50);
            var question = "\0\1\1\0\0\1\0\0\0\0\0\0\4test\0\0\1\0\1".getBytes(StandardCharsets.ISO_8859_1);
            socket.send(new DatagramPacket(question, question.length));
            socket.receive(new DatagramPacket(new byte[512], 512));
            return true;
        } catch (SocketTimeoutException notYet) {
            return false;
        } catch (IOException refused) {
            LockSupport.parkNanos(10_000_000); // it was refused at once, so wait for the program itself
            return false;
        }
    }

    @Override
    public synchronized void close() {
        if (process != null) {
            process.destroyForcibly();
            process.onExit().join();
        }
    }
}
