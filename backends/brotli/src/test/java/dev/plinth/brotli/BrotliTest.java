package dev.plinth.brotli;

import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import dev.plinth.Service;
import dev.plinth.http.Response;
import dev.plinth.testkit.TestService;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrotliTest {
    private static final String TEXT = "a line of the book, and the next is like it\n".repeat(200);

    private TestService library;
    private final HttpClient client = HttpClient.newHttpClient();

    private static void compose(String[] args) {
        Service.run("library", args, service -> service.http()
                .get("/book", _ -> Response.text(TEXT).withETag("1"))
                .get("/page", _ -> "a page")
                .get(
                        "/pages",
                        _ -> Response.stream("text/plain", out -> {
                            for (int i = 0; i < 3; i++) {
                                out.write(TEXT.getBytes(StandardCharsets.UTF_8));
                                out.flush();
                            }
                        })));
    }

    @BeforeEach
    void start() {
        library = TestService.start(BrotliTest::compose, "http.brotli-above=1KiB", "http.gzip-above=1KiB");
    }

    @AfterEach
    void stop() {
        client.close();
        library.close();
    }

    private HttpResponse<byte[]> get(String path, String accepts) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(library.uri(path))
                .header("Accept-Encoding", accepts)
                .build();
        return client.send(request, BodyHandlers.ofByteArray());
    }

    private static String unpacked(HttpResponse<byte[]> answer) throws IOException {
        var in = new ByteArrayInputStream(answer.body());
        try (var out =
                switch (answer.headers().firstValue("Content-Encoding").orElse("")) {
                    case "br" -> new BrotliInputStream(in);
                    case "gzip" -> new GZIPInputStream(in);
                    default -> in;
                }) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            gzip, deflate, br    | br
            br                   | br
            gzip                 | gzip
            *                    | br
            br;q=0.5, gzip;q=0.8 | gzip
            br;q=0, gzip         | gzip
            identity             | ''
            """)
    void packsAsTheClientPrefers_andOfEqualsByBrotli(String accepts, String coding) throws Exception {
        var answer = get("/book", accepts);
        assertThat(answer.headers().firstValue("Content-Encoding").orElse("")).isEqualTo(coding);
        assertThat(answer.headers().allValues("Vary")).containsExactly("Accept-Encoding");
        assertThat(unpacked(answer)).isEqualTo(TEXT);
        if (!coding.isEmpty()) {
            assertThat(answer.body().length).isLessThan(TEXT.length() / 20);
            assertThat(answer.headers().firstValue("ETag")).contains("W/\"1\"");
        }
    }

    @Test
    void leavesWhatIsSmall() throws Exception {
        var answer = get("/page", "br");
        assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(unpacked(answer)).isEqualTo("a page");
    }

    @Test
    void packsStreamsPieceByPiece() throws Exception {
        var answer = get("/pages", "br");
        assertThat(answer.headers().firstValue("Content-Encoding")).contains("br");
        assertThat(unpacked(answer)).isEqualTo(TEXT.repeat(3));
    }

    @Test
    void isOffUnlessAskedFor() throws Exception {
        stop();
        library = TestService.start(BrotliTest::compose);
        try (var own = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(library.uri("/book"))
                    .header("Accept-Encoding", "br, gzip")
                    .build();
            var answer = own.send(request, BodyHandlers.ofString());
            assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
            assertThat(answer.body()).isEqualTo(TEXT);
        }
    }

    @Test
    void aPieceThatIsFlushedIsSentBeforeTheEnd() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var out = new Brotli().pack(new BufferedOutputStream(packed))) {
            out.write("first".getBytes(StandardCharsets.UTF_8));
            assertThat(packed.size()).isZero();
            out.flush();
            assertThat(packed.size()).isGreaterThan("first".length());
            out.write(", second".getBytes(StandardCharsets.UTF_8));
        }
        try (var in = new BrotliInputStream(new ByteArrayInputStream(packed.toByteArray()))) {
            assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("first, second");
        }
    }
}
