package dev.plinth.http;

import static dev.plinth.http.TestDoor.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.Service;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an answer may be: files and their parts, conditions, redirects, packed text, pages. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpAnswerTest {
    record Note(String text) {}

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";

    @TempDir
    static Path root;

    private Path site;
    private TestDoor door;

    @BeforeAll
    void start() throws IOException {
        site = Files.createDirectories(root.resolve("site/sub")).getParent();
        Files.writeString(site.resolve("letters.txt"), LETTERS);
        Files.setLastModifiedTime(site.resolve("letters.txt"), FileTime.from(Instant.parse("2026-01-02T03:04:05Z")));
        Files.writeString(site.resolve("large.bin"), "0123456789".repeat(30_000));
        Files.writeString(site.resolve("page.html"), "<p>".repeat(1000));
        Files.writeString(site.resolve("empty.json"), "");
        Files.writeString(site.resolve("sub/deep.css"), "b{}");
        Files.writeString(root.resolve("secret.txt"), "secret");
        Files.createSymbolicLink(site.resolve("link.txt"), root.resolve("secret.txt"));
        door = TestDoor.open(this::compose, "http.gzip-above=1KiB", "http.max-body=10KiB");
    }

    @AfterAll
    void stop() {
        door.close();
    }

    private void compose(Service service) {
        service.http()
                .get("/site/{path...}", request -> Response.file(site, request.path("path")))
                .get("/large", _ -> Response.file(site.resolve("large.bin")).asDownload("größe \"1\"\r\n.bin"))
                .get("/versioned", _ -> Response.ok(new Note("a"))
                        .withETag(7)
                        .withLastModified(Instant.parse("2026-01-02T03:04:05Z"))
                        .withCache(CacheControl.own(Duration.ofMinutes(1))))
                .put("/versioned", request -> {
                    request.checkVersion(7);
                    return "changed";
                })
                .put("/absent", request -> {
                    request.checkVersion(null);
                    return "made";
                })
                .get("/to", request -> Response.redirect(request.query("path").orElse("/")))
                .get("/away", _ -> Response.redirect(URI.create("https://example.org/ü")))
                .get("/choice", request -> switch (request.accepts("application/json", "text/csv")) {
                    case "text/csv" -> Response.bytes("text/csv", "a,b".getBytes(StandardCharsets.UTF_8));
                    default -> List.of("a", "b");
                })
                .get("/text", _ -> Response.text("x".repeat(2000)).withETag("t"))
                .get("/short", _ -> "short")
                .get("/as-is", _ -> Response.text("x".repeat(2000)).withHeader("Cache-Control", "no-transform"))
                .get("/png", _ -> Response.bytes("image/png", new byte[2000]))
                .get(
                        "/flow",
                        _ -> Response.stream(
                                "text/plain", to -> to.write("y".repeat(5000).getBytes(StandardCharsets.US_ASCII))))
                .get(
                        "/breaks",
                        _ -> Response.stream("text/plain", to -> {
                            to.write('a');
                            to.flush();
                            throw new IllegalStateException("half way");
                        }))
                .get("/own-length", _ -> Response.text("a").withHeader("content-length", "5"))
                .post("/echo", Note.class, note -> note.text().length());
    }

    private static String header(HttpResponse<?> response, String name) {
        return String.join(" | ", response.headers().allValues(name));
    }

    // ---- files -----------------------------------------------------------------------------------------------------

    @Test
    void fileSaysWhatItIs() throws Exception {
        var answer = door.get("/site/letters.txt");
        assertThat(answer.body()).isEqualTo(LETTERS);
        assertThat(header(answer, "content-type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(header(answer, "last-modified")).isEqualTo("Fri, 02 Jan 2026 03:04:05 GMT");
        assertThat(header(answer, "etag")).isEqualTo("\"1a-19b7ca98c88\"");
        assertThat(header(answer, "accept-ranges")).isEqualTo("bytes");
        assertThat(header(answer, "content-length")).isEqualTo("26");
        assertThat(door.get("/site/sub/deep.css").body()).isEqualTo("b{}");
        assertThat(door.get("/site/empty.json").body()).isEmpty();
        var head = door.send("HEAD", "/site/letters.txt", "");
        assertThat(head.body()).isEmpty();
        assertThat(header(head, "etag")).isEqualTo("\"1a-19b7ca98c88\"");
        var large = door.get("/large");
        assertThat(large.body()).hasSize(300_000);
        assertThat(header(large, "content-disposition"))
                .isEqualTo(
                        "attachment; filename=\"gr____e__1___.bin\"; filename*=UTF-8''gr%C3%B6%C3%9Fe%20%221%22%0D%0A.bin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/site/",
                "/site/sub",
                "/site/none.txt",
                "/site/../secret.txt",
                "/site/..%2Fsecret.txt",
                "/site/%2e%2e/secret.txt",
                "/site/sub/%2E%2E/%2E%2E/secret.txt",
                "/site/..%5Csecret.txt",
                "/site/%2Fetc%2Fpasswd",
                "/site//etc/passwd",
                "/site/link.txt",
                "/site/letters.txt%00.png",
                "/site/%c0%ae%c0%ae/secret.txt",
                "/site/..%252Fsecret.txt",
            })
    void nothingOutsideOfTheFolderIsServed(String path) throws Exception {
        var answer = door.raw("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 404 ").doesNotContain("root:").doesNotContain(root.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-0|206|a|bytes 0-0/26",
                "bytes=2-4|206|cde|bytes 2-4/26",
                "bytes=20-|206|uvwxyz|bytes 20-25/26",
                "bytes=-3|206|xyz|bytes 23-25/26",
                "bytes=-99|206|abcdefghijklmnopqrstuvwxyz|bytes 0-25/26",
                "bytes=24-99|206|yz|bytes 24-25/26",
                "BYTES=0-0|206|a|bytes 0-0/26",
                "bytes=0-0,99-|206|a|bytes 0-0/26",
                "bytes=26-|416||bytes */26",
                "bytes=-0|416||bytes */26",
                "bytes=5-4|200||",
                "bytes=a-b|200||",
                "bytes=-|200||",
                "bytes=|200||",
                "lines=0-1|200||",
                "bytes=0-1,x|200||",
                "bytes=0-25,0-25|200||",
                "bytes=99999999999999999999-|200||",
            })
    void rangesAreSentOrIgnored(String range, int status, String body, String contentRange) throws Exception {
        var answer = door.get("/site/letters.txt", "Range", range);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(header(answer, "content-range")).isEqualTo(contentRange == null ? "" : contentRange);
        if (status == 206) {
            assertThat(answer.body()).isEqualTo(body);
        } else if (status == 200) {
            assertThat(answer.body()).isEqualTo(LETTERS);
        } else {
            assertThat(json(answer).get("code")).isEqualTo("RANGE_NOT_SATISFIABLE");
        }
    }

    @Test
    void severalRangesComeInParts() throws Exception {
        var answer = door.get("/site/letters.txt", "Range", "bytes=0-1, -1");
        assertThat(answer.statusCode()).isEqualTo(206);
        var type = header(answer, "content-type");
        assertThat(type).matches("multipart/byteranges; boundary=[0-9a-f]{32}");
        var boundary = type.substring(type.indexOf('=') + 1);
        assertThat(answer.body())
                .isEqualTo(
                        """

                        --BB
                        Content-Type: text/plain; charset=utf-8
                        Content-Range: bytes 0-1/26

                        ab
                        --BB
                        Content-Type: text/plain; charset=utf-8
                        Content-Range: bytes 25-25/26

                        z
                        --BB--
                        """
                                .replace("\n", "\r\n")
                                .replace("BB", boundary));
        var large = door.get("/large", "Range", "bytes=10-100009");
        assertThat(large.body()).hasSize(100_000).startsWith("0123");
        assertThat(header(large, "content-length")).isEqualTo("100000");
        assertThat(header(door.get("/large"), "content-length")).isEqualTo("300000");
        assertThat(header(door.send("HEAD", "/large", ""), "content-length")).isEqualTo("300000");
    }

    @Test
    void floodOfRangesIsIgnored() throws Exception {
        var flood = new StringBuilder("bytes=0-0");
        for (int i = 1; i < 17; i++) {
            flood.append(",").append(i).append("-").append(i);
        }
        assertThat(door.get("/site/letters.txt", "Range", flood.toString()).statusCode())
                .isEqualTo(200);
        assertThat(door.get("/site/letters.txt", "Range", "bytes=" + "0-,".repeat(1000))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void rangeOfAnotherVersionIsNotSent() throws Exception {
        var tag = header(door.get("/site/letters.txt"), "etag");
        assertThat(door.get("/site/letters.txt", "Range", "bytes=0-0", "If-Range", tag)
                        .statusCode())
                .isEqualTo(206);
        assertThat(door.get("/site/letters.txt", "Range", "bytes=0-0", "If-Range", "\"old\"")
                        .statusCode())
                .isEqualTo(200);
        assertThat(door.get("/site/letters.txt", "Range", "bytes=0-0", "If-Range", "W/" + tag)
                        .statusCode())
                .isEqualTo(200);
        assertThat(door.get("/site/letters.txt", "Range", "bytes=0-0", "If-Range", "Fri, 02 Jan 2026 03:04:05 GMT")
                        .statusCode())
                .isEqualTo(206);
        assertThat(door.get("/site/letters.txt", "Range", "bytes=0-0", "If-Range", "Fri, 02 Jan 2026 03:04:06 GMT")
                        .statusCode())
                .isEqualTo(200);
    }

    // ---- conditions ------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "If-None-Match|\"7\"|304",
                "If-None-Match|W/\"7\"|304",
                "If-None-Match|\"a,b\", \"7\"|304",
                "If-None-Match|*|304",
                "If-None-Match|\"8\"|200",
                "If-None-Match|7|200",
                "If-None-Match|\"7|200",
                "If-Modified-Since|Fri, 02 Jan 2026 03:04:05 GMT|304",
                "If-Modified-Since|Friday, 02-Jan-26 03:04:05 GMT|304",
                "If-Modified-Since|Fri Jan  2 03:04:05 2026|304",
                "If-Modified-Since|Fri, 02 Jan 2026 03:04:04 GMT|200",
                "If-Modified-Since|yesterday|200",
                "If-Modified-Since|Fri, 99 Jan 2026 03:04:05 GMT|200",
            })
    void whatTheClientHasIsNotSentAgain(String name, String value, int status) throws Exception {
        var answer = door.get("/versioned", name, value);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(header(answer, "etag")).isEqualTo("\"7\"");
        assertThat(header(answer, "cache-control")).isEqualTo("private, max-age=60");
        assertThat(answer.body()).isEqualTo(status == 304 ? "" : "{\"text\":\"a\"}");
        assertThat(answer.headers().firstValue("content-type").isPresent()).isEqualTo(status == 200);
    }

    @Test
    void tagWinsOverTheDate() throws Exception {
        assertThat(door.get(
                                "/versioned",
                                "If-None-Match",
                                "\"8\"",
                                "If-Modified-Since",
                                "Fri, 02 Jan 2026 03:04:05 GMT")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void writeOnAnOldVersionIsRefused() throws Exception {
        assertThat(door.send("PUT", "/versioned", "").body()).isEqualTo("changed");
        assertThat(door.send("PUT", "/versioned", "", "If-Match", "\"6\", \"7\"")
                        .body())
                .isEqualTo("changed");
        assertThat(door.send("PUT", "/versioned", "", "If-Match", "*").body()).isEqualTo("changed");
        var old = door.send("PUT", "/versioned", "", "If-Match", "\"6\"");
        assertThat(old.statusCode()).isEqualTo(412);
        assertThat(json(old)).containsEntry("code", "PRECONDITION_FAILED").containsEntry("category", "Conflict");
        // A weak tag never matches strongly (RFC 9110, section 8.8.3.2).
        assertThat(door.send("PUT", "/versioned", "", "If-Match", "W/\"7\"").statusCode())
                .isEqualTo(412);
        assertThat(door.send("PUT", "/versioned", "", "If-None-Match", "*").statusCode())
                .isEqualTo(412);
        assertThat(door.send("PUT", "/absent", "", "If-None-Match", "*").body()).isEqualTo("made");
        assertThat(door.send("PUT", "/absent", "", "If-Match", "*").statusCode())
                .isEqualTo(412);
    }

    @Test
    void versionThatCanBeNoTagIsRefused() {
        assertThatThrownBy(() -> Response.of(200).withETag("a\"b"))
                .hasMessage("ETag of the version 'a\"b' (expected: visible ASCII without quotes)");
        assertThat(Response.of(200).withETag("W/\"x\"").header("ETag")).isEqualTo("W/\"x\"");
    }

    // ---- redirects, choice -----------------------------------------------------------------------------------------

    @Test
    void redirectStaysHere_unlessTheProgramSaysOtherwise() throws Exception {
        var answer = door.get("/to?path=/next%3Fa=1");
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(header(answer, "location")).isEqualTo("/next?a=1");
        assertThat(header(door.get("/away"), "location")).isEqualTo("https://example.org/%C3%BC");
        for (var evil :
                List.of("//evil.example", "/%5Cevil.example", "https://evil.example", "", "%20//evil.example")) {
            assertThat(door.get("/to?path=" + evil).statusCode()).isEqualTo(500);
        }
        assertThat(door.get("/to?path=/a%0D%0ASet-Cookie:x=1").headers().map()).doesNotContainKey("set-cookie");
        assertThatThrownBy(() -> Response.redirect("//evil.example"))
                .hasMessage(
                        "redirect to '//evil.example' (expected: a path that begins with one /). For another host use"
                                + " redirect(URI), with one that the caller can't choose.");
        assertThatThrownBy(() -> Response.redirect(URI.create("javascript:alert(1)")))
                .hasMessage("redirect to 'javascript:alert(1)' (expected: http or https with a host)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|application/json",
                "*/*|application/json",
                "text/csv|text/csv",
                "text/*|text/csv",
                "text/csv;q=0.5, application/json;q=0.4|text/csv",
                "text/csv;q=0.5, application/json;q=0.6|application/json",
                "application/json;q=0, */*;q=0.1|text/csv",
                "application/json;q=nonsense, text/csv|text/csv",
                ",,;,|application/json",
                "image/png|406",
                "text/csv;q=0|406",
            })
    void typeIsChosenByWeight(String accept, String type) throws Exception {
        var answer = accept == null ? door.get("/choice") : door.get("/choice", "Accept", accept);
        if (type.equals("406")) {
            assertThat(answer.statusCode()).isEqualTo(406);
            assertThat(json(answer))
                    .containsEntry("code", "NOT_ACCEPTABLE")
                    .containsEntry("detail", "there is application/json, text/csv and nothing else");
        } else {
            assertThat(header(answer, "content-type")).isEqualTo(type);
        }
        assertThat(header(answer, "vary")).contains("Accept");
    }

    // ---- packed ----------------------------------------------------------------------------------------------------

    private HttpResponse<byte[]> packed(String path, String accept) throws Exception {
        return door.send("GET", path, new byte[0], "Accept-Encoding", accept);
    }

    private static String unpack(byte[] bytes) throws IOException {
        return new String(new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void textIsPackedAboveASize() throws Exception {
        var answer = packed("/text", "br, gzip;q=0.5");
        assertThat(header(answer, "content-encoding")).isEqualTo("gzip");
        assertThat(header(answer, "vary")).isEqualTo("Accept-Encoding");
        assertThat(header(answer, "etag")).isEqualTo("W/\"t\"");
        assertThat(unpack(answer.body())).isEqualTo("x".repeat(2000));
        assertThat(answer.body().length).isLessThan(200);
        assertThat(unpack(packed("/flow", "*").body())).isEqualTo("y".repeat(5000));
        assertThat(unpack(packed("/site/page.html", "gzip").body())).hasSize(3000);
        assertThat(door.send("GET", "/text", "", "Accept-Encoding", "gzip", "If-None-Match", "W/\"t\"")
                        .statusCode())
                .isEqualTo(304);
    }

    @Test
    void whatIsShortPackedAlreadyOrUnwantedIsSentAsItIs() throws Exception {
        for (var path : List.of("/short", "/as-is", "/png", "/site/large.bin")) {
            assertThat(header(packed(path, "gzip"), "content-encoding"))
                    .as(path)
                    .isEmpty();
        }
        for (var accept : List.of("identity", "gzip;q=0", "br", "*;q=0", "gzip;q=0, *;q=1")) {
            var answer = packed("/text", accept);
            assertThat(header(answer, "content-encoding")).as(accept).isEmpty();
            assertThat(header(answer, "vary")).isEqualTo("Accept-Encoding");
        }
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private HttpResponse<byte[]> post(byte[] body, String encoding) throws Exception {
        return door.send("POST", "/echo", body, "Content-Type", "application/json", "Content-Encoding", encoding);
    }

    @Test
    void packedBodyIsUnpacked_withinTheLimit() throws Exception {
        assertThat(new String(
                        post(gzip("{\"text\":\"" + "x".repeat(5000) + "\"}"), "gzip")
                                .body(),
                        StandardCharsets.UTF_8))
                .isEqualTo("5000");
        // 10 MB of blanks are 10 KB packed: under the limit on the wire, and refused when 10 KiB have come out.
        var bomb = gzip(" ".repeat(10_000_000));
        assertThat(bomb.length).isLessThan(10 * 1024);
        var refused = post(bomb, "gzip");
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(new String(refused.body(), StandardCharsets.UTF_8)).contains("BODY_TOO_LARGE");
        var cut = java.util.Arrays.copyOf(gzip("{\"text\":\"x\"}"), 20);
        assertThat(new String(post(cut, "gzip").body(), StandardCharsets.UTF_8)).contains("MALFORMED_BODY");
        assertThat(post("{}".getBytes(StandardCharsets.UTF_8), "gzip").statusCode())
                .isEqualTo(400);
        var other = post("{}".getBytes(StandardCharsets.UTF_8), "br");
        assertThat(other.statusCode()).isEqualTo(415);
        assertThat(header(other, "accept-encoding")).isEqualTo("gzip");
        assertThat(post(gzip("{}"), "gzip, gzip").statusCode()).isEqualTo(415);
    }

    // ---- failures --------------------------------------------------------------------------------------------------

    /** The length is not known before, so nothing but a missing end can tell. */
    @Test
    void streamThatFailsHasNoEnd() throws Exception {
        var answer = door.raw("GET /breaks HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(answer).contains("\r\n1\r\na\r\n").doesNotEndWith("0\r\n\r\n");
    }

    @Test
    void streamThatFailsHasNoEnd_packedEither() throws Exception {
        var answer = door.raw("GET /breaks HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
        assertThat(answer).contains("Content-Encoding: gzip").doesNotEndWith("0\r\n\r\n");
    }

    @Test
    void aPackingThatNobodyBringsIsToldOf() {
        assertThatThrownBy(() -> TestDoor.open(this::compose, "http.brotli-above=1KiB"))
                .hasMessage("The configuration has a problem:\n  http.brotli-above: nothing packs so. Add the artifact"
                        + " dev.plinth:plinth-brotli. [--set http.brotli-above]");
    }

    @Test
    void headersOfTheListenerAreItsOwn() throws Exception {
        assertThat(door.get("/own-length").statusCode()).isEqualTo(500);
        assertThatThrownBy(() -> Response.of(200).withHeader("Content-Length", "5"))
                .hasMessage("header Content-Length is written by the listener. Leave it out.");
    }

    @Test
    void browserGetsAPage() throws Exception {
        var browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        var page = door.get("/no/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "Accept", browser);
        assertThat(page.statusCode()).isEqualTo(404);
        assertThat(header(page, "content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(header(page, "vary")).isEqualTo("Accept");
        assertThat(page.body())
                .contains("<h1>404 Not Found</h1>")
                .contains("NO_ROUTE")
                .doesNotContain("<script");
        assertThat(header(page, "content-security-policy")).startsWith("default-src 'none'");
        var script = door.send(
                "POST", "/echo", "{\"text\":[\"<script>\"]}", "Accept", browser, "Content-Type", "application/json");
        assertThat(script.body()).contains("<code>/text</code>").doesNotContain("<script>");
        for (var accept :
                List.of("*/*", "application/json", "application/problem+json, text/html;q=0.9", "text/html;q=x")) {
            assertThat(header(door.get("/none", "Accept", accept), "content-type"))
                    .as(accept)
                    .isEqualTo("application/problem+json");
        }
    }

    @Test
    void downloadsAndCacheWordsAreWellFormed() {
        assertThat(CacheControl.shared(Duration.ofHours(1)).immutable()).hasToString("public, max-age=3600, immutable");
        assertThat(CacheControl.never()).hasToString("no-store");
        assertThat(CacheControl.revalidated()).hasToString("no-cache");
        assertThat(CacheControl.own(Duration.ofSeconds(5)).staleWhileRevalidate(Duration.ofSeconds(9)))
                .hasToString("private, max-age=5, stale-while-revalidate=9");
        assertThat(Map.of("a", Cookie.removed("s").toString()))
                .containsEntry("a", "s=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax");
        assertThatThrownBy(() -> Cookie.of("s", "a;b"))
                .hasMessage(
                        "cookie s: character 1 of its value (expected: visible ASCII without \" , ; and \\). Encode it.");
        assertThatThrownBy(() -> Cookie.of("s", "a\r\nX: y")).hasMessageContaining("character 1 of its value");
        assertThatThrownBy(() -> Cookie.of("s t", "a")).hasMessageContaining("expected: a token");
        assertThatThrownBy(() -> Cookie.of("s", "a").withPath("/;x")).hasMessageContaining("character 1 of its path");
        assertThatThrownBy(() -> Cookie.of("__Host-s", "a").withPath("/x")).hasMessageContaining("its name promises");
        assertThatThrownBy(() -> Cookie.of("s", "a").insecure().withSameSite(Cookie.SameSite.NONE))
                .hasMessage("cookie s: SameSite=None without Secure, which browsers refuse");
    }
}
