package dev.plinth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.Await;
import dev.plinth.Service;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UnixSocketTest {
    @TempDir
    Path folder;

    private static void compose(Service service) {
        service.http()
                .get("/who", request -> request.peer().getAddress().getHostAddress() + " " + request.peerUser())
                .get(
                        "/cut",
                        _ -> Response.stream("text/plain", out -> {
                            out.write('x');
                            out.flush();
                            throw new IOException("the test wants it cut");
                        }));
    }

    private TestDoor door(String... settings) {
        return TestDoor.open(UnixSocketTest::compose, settings);
    }

    private static String ask(Path socket, String path) throws IOException {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap(("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void answersBesideThePort_andIsGoneAfterTheStop() throws Exception {
        var socket = folder.resolve("http.sock");
        try (var door = door("http.socket.path=" + socket, "http.socket.mode=600")) {
            assertThat(ask(socket, "/who"))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .endsWith("\r\n\r\n127.0.0.1 " + System.getProperty("user.name"));
            assertThat(door.get("/who").body()).isEqualTo("127.0.0.1 ");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            assertThat(ask(socket, "/cut")).startsWith("HTTP/1.1 200 OK\r\n").doesNotContain("\r\n0\r\n");
            try (var files = Files.list(folder)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("http.sock", "http.sock.lock");
            }
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void isInsteadOfThePort() throws Exception {
        var socket = folder.resolve("http.sock");
        try (var door = door("http.socket.path=" + socket, "http.socket.only=true")) {
            assertThat(door.service.port()).isZero();
            assertThat(ask(socket, "/who")).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void replacesWhatAKilledProcessHasLeft() throws Exception {
        var socket = folder.resolve("http.sock");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(socket))
                .close();
        Files.createFile(folder.resolve("http.sock.lock"));
        assertThat(socket).exists();
        try (var _ = door("http.socket.path=" + socket)) {
            assertThat(ask(socket, "/who")).startsWith("HTTP/1.1 200 OK\r\n");
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void takesNothingFromAnybodyElse() throws Exception {
        var socket = folder.resolve("http.sock");
        try (var _ = door("http.socket.path=" + socket)) {
            assertRefused(socket, "another process serves it");
            assertThat(ask(socket, "/who")).startsWith("HTTP/1.1 200 OK\r\n");
        }
        var foreign = folder.resolve("foreign.sock");
        try (var other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(foreign));
            assertRefused(foreign, "another process serves it");
        }
        var file = Files.writeString(folder.resolve("file.sock"), "mine");
        assertRefused(file, "is there and is no socket");
        assertThat(file).hasContent("mine");
        assertRefused(folder.resolve("none/http.sock"), "its folder is not there");
    }

    private void assertRefused(Path socket, String why) {
        assertThatThrownBy(() -> door("http.socket.path=" + socket).close())
                .rootCause()
                .hasMessage(socket + ": " + why);
        assertThatThrownBy(() -> door("http.socket.path=" + socket).close())
                .cause()
                .hasMessage("http: can't listen on the socket " + socket + ": " + why
                        + ". Choose another with http.socket.path.");
    }

    @Test
    void leavesAFileThatSomebodyElseHasPutThere() throws Exception {
        var socket = folder.resolve("http.sock");
        try (var _ = door("http.socket.path=" + socket)) {
            Files.delete(socket);
            Files.writeString(socket, "another's");
        }
        assertThat(socket).hasContent("another's");
    }

    @Test
    void finishesWhatIsInFlight() throws Exception {
        var socket = folder.resolve("http.sock");
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var door = TestDoor.open(
                service -> service.http().get("/slow", _ -> {
                    begun.countDown();
                    go.await();
                    return Map.of("done", true);
                }),
                "http.socket.path=" + socket);
        var answer = new CompletableFuture<String>();
        Thread.ofVirtual().start(() -> {
            try {
                answer.complete(ask(socket, "/slow"));
            } catch (IOException failed) {
                answer.completeExceptionally(failed);
            }
        });
        begun.await();
        var stopping = Thread.ofVirtual().start(door::close);
        Await.until("nothing is accepted", () -> !Files.exists(socket));
        go.countDown();
        assertThat(answer.join()).endsWith("{\"done\":true}");
        stopping.join();
    }
}
