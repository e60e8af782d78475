package dev.plinth.acceptance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A proxy in front of a service, with a configuration that the documentation shows. */
final class Front implements AutoCloseable {
    private static final Path DOCS = Path.of("..", "docs");

    private final Process process;

    private Front(Process process) {
        this.process = process;
    }

    /** The block of that language on a page that holds {@code part}, each {@code from} in it replaced by what follows it. */
    static String snippet(String page, String language, String part, String... replacements) throws IOException {
        var text = Files.readString(DOCS.resolve(page));
        var begin = "```" + language + "\n";
        for (int at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at + 1)) {
            var block = text.substring(at + begin.length(), text.indexOf("\n```", at) + 1);
            if (block.contains(part)) {
                for (int i = 0; i < replacements.length; i += 2) {
                    if (!block.contains(replacements[i])) {
                        throw new AssertionError(replacements[i] + " is not in\n" + block);
                    }
                    block = block.replace(replacements[i], replacements[i + 1]);
                }
                return block;
            }
        }
        throw new AssertionError("no block of " + language + " with '" + part + "' on " + page);
    }

    static Front nginx(Path folder, int port, String context, String snippet) throws Exception {
        var nginx = Tool.named("TEST_NGINX");
        var configuration = folder.resolve("nginx.conf");
        var temporary = new StringBuilder();
        if (context.equals("http")) {
            temporary.append("access_log off;\n");
            for (var each : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
                temporary
                        .append(each)
                        .append("_temp_path ")
                        .append(folder.resolve(each))
                        .append(";\n");
            }
        }
        var modules = context.equals("stream") ? "load_module " + streamModule() + ";\n" : "";
        // As root it would give its workers another user, who may not enter the test's folder.
        var user = "root".equals(System.getProperty("user.name")) ? "user root;\n" : "";
        Files.writeString(
                configuration,
                modules + user + "daemon off;\nworker_processes 1;\npid " + folder.resolve("nginx.pid")
                        + ";\nerror_log stderr;\nevents {}\n" + context + " {\n" + temporary + snippet + "}\n");
        return start(folder, port, nginx, "-p", folder.toString(), "-e", "stderr", "-c", configuration.toString());
    }

    private static String streamModule() {
        for (var folder : List.of("/usr/lib/nginx/modules", "/usr/lib64/nginx/modules")) {
            var module = Path.of(folder, "ngx_stream_module.so");
            if (Files.exists(module)) {
                return module.toString();
            }
        }
        return "modules/ngx_stream_module.so";
    }

    static Front haproxy(Path folder, int port, String snippet) throws Exception {
        var haproxy = Tool.named("TEST_HAPROXY");
        var configuration = folder.resolve("haproxy.cfg");
        Files.writeString(
                configuration,
                """
                global
                  maxconn 100
                defaults
                  timeout connect 5s
                  timeout client 60s
                  timeout server 60s
                  timeout tunnel 60s
                """
                        + snippet);
        return start(folder, port, haproxy, "-db", "-f", configuration.toString());
    }

    private static Front start(Path folder, int port, String... command) throws Exception {
        var log = folder.resolve("front.log");
        var process = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        var front = new Front(process);
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!listens(port)) {
            if (!process.isAlive() || System.nanoTime() > until) {
                front.close();
                throw new AssertionError("the proxy does not listen:\n" + Files.readString(log));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return front;
    }

    private static boolean listens(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().onExit().join();
            }
        } catch (InterruptedException hurry) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
