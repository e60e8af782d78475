package dev.plinth.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a connection costs that has made a request and says nothing since, and whether others notice. */
final class HttpIdle {
    private HttpIdle() {}

    static List<Figure> run(Path folder, boolean quick) throws Exception {
        var count = quick ? 1000 : 10_000;
        var ours = idle(Servers.service("Plinth", 0, "http.max-connections=11000"), folder, count);
        var engine = idle(Servers.ENGINES.getLast(), folder, count);
        var helidon = idle(Servers.ENGINES.getFirst(), folder, count);
        System.out.printf(
                Locale.ROOT,
                "%d idle connections: %.1f KiB each (the engine alone %.1f, Helidon %.1f)%n",
                count,
                ours,
                engine,
                helidon);
        return List.of(new Figure(
                "HTTP_KIB_AN_IDLE_CONNECTION",
                List.of(ours),
                List.of(helidon),
                Servers.ENGINES.getFirst().name(),
                1,
                false));
    }

    /** Resident KiB a connection, with a heap that is fixed and touched before, so that it can't hide growth. */
    private static double idle(Server server, Path folder, int count) throws Exception {
        try (var running = server.start(folder, List.of("-Xmx512m", "-XX:+UseSerialGC"))) {
            var load = new Load(running.port(), "/hello");
            load.run(16, 2);
            collect(running);
            var before = running.residentBytes();
            var idle = new ArrayList<SocketChannel>();
            try {
                for (var i = 0; i < count; i++) {
                    idle.add(connect(running.port()));
                }
                collect(running);
                var each = (running.residentBytes() - before) / 1024.0 / count;
                var answered = load.run(16, 1);
                System.out.printf(Locale.ROOT, "beside %d idle: %d answers a second%n", count, answered);
                return each;
            } finally {
                for (var one : idle) {
                    one.close();
                }
            }
        }
    }

    private static SocketChannel connect(int port) throws IOException {
        var channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.write(ByteBuffer.wrap(Load.bytes("GET", "/hello", "")));
        if (channel.read(ByteBuffer.allocate(1024)) < 12) {
            throw new IOException("no answer");
        }
        return channel;
    }

    /** A full collection, by the JDK's own tool. */
    private static void collect(Server.Running running) throws IOException, InterruptedException {
        var tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        new ProcessBuilder(tool, String.valueOf(running.process().pid()), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
