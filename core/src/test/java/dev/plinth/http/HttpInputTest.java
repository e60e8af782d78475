package dev.plinth.http;

import static dev.plinth.http.TestDoor.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.Await;
import dev.plinth.Service;
import dev.plinth.schema.Default;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request brings: path, query, headers, cookies, forms and files. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpInputTest {
    enum Order {
        NEWEST,
        OLDEST
    }

    record Paging(@Default("0") int skip, @Default("100") @Max(1000) int take) {}

    record Search(
            @NotBlank String text,
            Optional<LocalDate> since,
            @Size(max = 2) List<String> tag,
            Set<Integer> ids,
            @Default("newest") Order order,
            Paging paging) {
        Search {
            if (text.equals("forbidden")) {
                throw new IllegalArgumentException("must not be forbidden");
            }
        }
    }

    record Caller(@NotNull String xTenantId, Optional<Integer> xLevel) {}

    record Session(@NotBlank String session, Optional<UUID> visitor) {}

    record SignUp(@NotBlank String name, Optional<Integer> age, List<String> likes, Optional<Upload> picture) {}

    @TempDir
    static Path folder;

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private TestDoor door;

    @BeforeAll
    void start() {
        door = TestDoor.open(
                this::compose,
                "http.max-body=2KiB",
                "http.uploads.max-size=200KiB",
                "http.uploads.max-parts=20",
                "http.uploads.memory=1KiB",
                "http.uploads.folder=" + folder);
    }

    @AfterAll
    void stop() {
        door.close();
    }

    private void compose(Service service) {
        service.http()
                .get("/search", request -> request.query(Search.class))
                .get("/caller", request -> request.headers(Caller.class))
                .get("/session", request -> request.cookies(Session.class))
                .get("/level", request -> request.header("X-Level", Integer.class)
                        .orElse(0))
                .get("/cookie", request -> request.cookie("c", Integer.class).orElse(0))
                .get("/items/{id}", request -> request.path("id", UUID.class))
                .get("/tree/{path...}", request -> request.path("path"))
                .post("/form", request -> {
                    var form = request.form();
                    return Map.of(
                            "a",
                            form.texts("a"),
                            "n",
                            form.text("n", Integer.class).orElse(-1));
                })
                .post("/sign-up", request -> {
                    var signUp = request.form(SignUp.class);
                    var picture = signUp.picture().map(HttpInputTest::describe).orElse("none");
                    return signUp.name() + " " + signUp.age() + " " + signUp.likes() + " " + picture;
                })
                .post("/files", request -> {
                    var form = request.form();
                    for (var file : form.files()) {
                        file.saveTo(folder.resolveSibling(folder.getFileName() + "-" + seen.size() + file.field()));
                        seen.add(describe(file));
                    }
                    return List.of(form.files().size(), count());
                })
                .version("1", v1 -> v1.get("/stock", _ -> "one").get("/old", _ -> "old"))
                .version("2", v2 -> v2.get("/stock", _ -> "two")
                        .filter((request, next) -> next.proceed(request).withHeader("X-Two", "yes")));
    }

    private static long count() throws IOException {
        try (var files = Files.list(folder)) {
            return files.count();
        }
    }

    /** They go when the answer has been sent, which the caller may have before. */
    private static void awaitNoFiles() {
        Await.until("no file is left", () -> {
            try {
                return count() == 0;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static String describe(Upload file) {
        try (var in = file.stream()) {
            return file.field() + "|" + file.fileName() + "|" + file.contentType() + "|" + file.size() + "|"
                    + (in.readAllBytes().length == file.size() && file.bytes().length == file.size());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    // ---- query, headers, cookies -----------------------------------------------------------------------------------

    @Test
    void queryBecomesARecord() throws Exception {
        assertThat(door.get(
                                "/search?text=tea&since=2026-01-02&tag=a&tag=b&ids=1&ids=2&ids=1&order=oldest&paging.take=7")
                        .body())
                .isEqualTo("{\"text\":\"tea\",\"since\":\"2026-01-02\",\"tag\":[\"a\",\"b\"],\"ids\":[1,2],"
                        + "\"order\":\"OLDEST\",\"paging\":{\"skip\":0,\"take\":7}}");
        assertThat(door.get("/search?text=t&unknown=1").body())
                .isEqualTo("{\"text\":\"t\",\"tag\":[],\"ids\":[],\"order\":\"NEWEST\","
                        + "\"paging\":{\"skip\":0,\"take\":100}}");
    }

    @Test
    void allThatIsWrongWithAQueryIsInOneAnswer() throws Exception {
        var answer = door.get("/search?text=%20&since=monday&tag=a&tag=b&tag=c&ids=x&order=best&paging.take=5000");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).get("code")).isEqualTo("VALIDATION_FAILED");
        assertThat((List<?>) json(answer).get("violations")).hasSize(6);
        assertThat(answer.body())
                .contains("\"pointer\":\"query:text\",\"code\":\"NOT_BLANK\"")
                .contains("\"pointer\":\"query:since\",\"code\":\"WRONG_TYPE\"")
                .contains("\"expected\":\"a date such as 2026-11-21\",\"actual\":\"monday\"")
                .contains("\"pointer\":\"query:tag\",\"code\":\"SIZE\"")
                .contains("\"pointer\":\"query:ids\",\"code\":\"WRONG_TYPE\"")
                .contains("\"pointer\":\"query:order\",\"code\":\"WRONG_TYPE\"")
                .contains("\"pointer\":\"query:paging.take\",\"code\":\"MAX\"");
        assertThat(door.get("/search?text=forbidden").body())
                .contains("\"pointer\":\"query:\",\"code\":\"INVALID\",\"message\":\"must not be forbidden\"");
    }

    @Test
    void headersAndCookiesAreTypedToo() throws Exception {
        assertThat(door.get("/caller", "X-Tenant-ID", "acme", "x-level", "3").body())
                .isEqualTo("{\"xTenantId\":\"acme\",\"xLevel\":3}");
        assertThat(door.get("/caller", "X-Level", "high").body())
                .contains("\"pointer\":\"header:x-tenant-id\",\"code\":\"NOT_NULL\"")
                .contains("\"pointer\":\"header:x-level\",\"code\":\"WRONG_TYPE\"");
        assertThat(door.get("/level", "X-Level", "high").body()).contains("\"pointer\":\"header:x-level\"");
        assertThat(door.get("/session", "Cookie", "a=b; session=\"x y\"; session=later")
                        .body())
                .isEqualTo("{\"session\":\"x y\"}");
        assertThat(door.get("/session", "Cookie", "visitor=7").body())
                .contains("\"pointer\":\"cookie:session\"")
                .contains("\"pointer\":\"cookie:visitor\"");
        assertThat(door.get("/cookie", "Cookie", "c=5").body()).isEqualTo("5");
        assertThat(door.get("/cookie", "Cookie", "c=five").statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ";;;=;==; c=5 ;|5",
                "c|0",
                "=c|0",
                "c=5; c=6|5",
                "x=c=9; c=5|5",
                "C=7|0",
                "c=\"5\"|5",
            })
    void junkInCookiesIsPassedOver(String cookie, String expected) throws Exception {
        assertThat(door.get("/cookie", "Cookie", cookie).body()).isEqualTo(expected);
    }

    @Test
    void pathThatDoesNotFitItsTypeIsRefused() throws Exception {
        var id = UUID.randomUUID().toString();
        assertThat(door.get("/items/" + id).body()).isEqualTo("\"" + id + "\"");
        var wrong = door.get("/items/7");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("\"pointer\":\"path:id\"").contains("a UUID such as");
        assertThat(door.get("/tree/a/%2E%2E/b").body()).isEqualTo("a/../b");
    }

    // ---- versions --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "API-Version, 1, one",
        "API-Version, 2, two",
        "Accept, application/json; version=2, two",
        "Accept, 'text/html, application/vnd.acme.stock.v2+json;q=0.9', two",
        "Accept, */*, one",
        "Content-Type, application/vnd.acme.v2+json, two",
    })
    void versionIsNamedByHeaderOrMediaType(String header, String value, String expected) throws Exception {
        var answer = door.get("/stock", header, value);
        assertThat(answer.body()).isEqualTo(expected);
        assertThat(answer.headers().firstValue("api-version")).contains(expected.equals("one") ? "1" : "2");
        assertThat(answer.headers().allValues("vary")).contains("API-Version", "Accept");
        assertThat(answer.headers().firstValue("x-two").isPresent()).isEqualTo(expected.equals("two"));
    }

    @Test
    void unknownVersionIsRefused() throws Exception {
        var answer = door.get("/stock", "API-Version", "3");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer))
                .containsEntry("code", "UNKNOWN_VERSION")
                .containsEntry("detail", "version '3' (expected: one of 1, 2)");
        assertThat(door.get("/old", "API-Version", "2").statusCode()).isEqualTo(400);
    }

    // ---- forms -----------------------------------------------------------------------------------------------------

    private HttpResponse<String> form(String path, String body) throws Exception {
        return door.send("POST", path, body, "Content-Type", "application/x-www-form-urlencoded");
    }

    @Test
    void formIsReadByNameOrAsARecord() throws Exception {
        assertThat(json(form("/form", "a=1&a=%C3%BC+b&n=5")))
                .containsEntry("a", List.of("1", "ü b"))
                .containsEntry("n", 5);
        assertThat(form("/sign-up", "name=Ann&age=&likes=tea&likes=rain").body())
                .isEqualTo("Ann Optional.empty [tea, rain] none");
        assertThat(form("/sign-up", "name=&age=old").body())
                .contains("\"pointer\":\"form:name\",\"code\":\"NOT_BLANK\"")
                .contains("\"pointer\":\"form:age\",\"code\":\"WRONG_TYPE\"");
        assertThat(form("/form", "n=x").body()).contains("\"pointer\":\"form:n\"");
    }

    @Test
    void formThatIsMalformedOrTooLargeIsRefused() throws Exception {
        assertThat(json(form("/form", "a=%zz")).get("code")).isEqualTo("MALFORMED_FORM");
        assertThat(json(form("/form", "secret=%zz")).get("detail").toString()).doesNotContain("secret");
        assertThat(form("/form", "a=1&".repeat(21)).statusCode()).isEqualTo(413);
        assertThat(form("/form", "a=" + "x".repeat(3000)).statusCode()).isEqualTo(413);
        var bytes = door.send(
                "POST",
                "/form",
                new byte[] {'a', '=', (byte) 0xc3},
                "Content-Type",
                "application/x-www-form-urlencoded");
        assertThat(new String(bytes.body(), StandardCharsets.UTF_8)).contains("MALFORMED_FORM");
        assertThat(door.send("POST", "/form", "{}", "Content-Type", "application/json")
                        .statusCode())
                .isEqualTo(415);
        assertThat(door.send("POST", "/form", "").statusCode()).isEqualTo(415);
    }

    private HttpResponse<String> multipart(String path, String body) throws Exception {
        return door.send("POST", path, body.replace("\n", "\r\n"), "Content-Type", "multipart/form-data; boundary=XX");
    }

    private static String part(String name, String value) {
        return "--XX\nContent-Disposition: form-data; name=\"" + name + "\"\n\n" + value + "\n";
    }

    private static String file(String disposition, String content) {
        return "--XX\nContent-Disposition: form-data; " + disposition + "\nContent-Type: image/png\n\n" + content
                + "\n";
    }

    @Test
    void filesComeInMemoryOrOnDisk_andAreGoneAfter() throws Exception {
        var small = "x".repeat(1000);
        var large = "0123456789".repeat(5000);
        var answer = multipart(
                "/files",
                file("name=\"s\"; filename=\"..\\\\evil/../pic\u202E.png\"", small)
                        + file("name=\"l\"; filename=C:\\dir\\large.bin", large)
                        + file("name=\"none\"; filename=\"\"", "")
                        + "--XX--\n");
        assertThat(answer.body()).isEqualTo("[2,1]");
        assertThat(seen).contains("s|pic.png|image/png|1000|true", "l|large.bin|image/png|50000|true");
        awaitNoFiles();
        try (var saved = Files.list(folder.getParent())) {
            assertThat(saved.filter(path -> path.toString().endsWith("l"))
                            .map(path -> path.toFile().length()))
                    .contains(50000L);
        }
    }

    @Test
    void multipartBindsToARecordToo() throws Exception {
        assertThat(multipart(
                                "/sign-up",
                                "a preamble\n" + part("name", "Änn") + part("age", "7")
                                        + part("likes", "tea\n--XY not\n")
                                        + file("name=\"picture\"; filename=\"p\"", "abc") + "--XX--\nan epilogue")
                        .body())
                .isEqualTo("Änn Optional[7] [tea\r\n--XY not\r\n] picture|p|image/png|3|true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--XX",
                "--YY\nContent-Disposition: form-data; name=\"a\"\n\n1\n--YY--\n",
                "--XX\nContent-Disposition: form-data; name=\"a\"\n\n1",
                "--XX\nContent-Disposition: form-data; name=\"a\"\n\n1\n--XX",
                "--XX\nContent-Disposition: form-data; name=\"a\"\n\n1\n--XXjunk\n",
                "--XX\nContent-Disposition: form-data; name=\"a\"\n\n1\n--XX-\n",
                "--XX\nContent-Disposition: form-data\n\n1\n--XX--\n",
                "--XX\nContent-Disposition: attachment; name=\"a\"\n\n1\n--XX--\n",
                "--XX\nContent-Type: text/plain\n\n1\n--XX--\n",
                "--XX\nno colon\n\n1\n--XX--\n",
                "--XX\n: empty\n\n1\n--XX--\n",
                "--XX\nContent-Disposition: form-data; name=\"a\"\nContent-Transfer-Encoding: base64\n\n1\n--XX--\n",
                "--XX\nX: \0\n\n1\n--XX--\n",
            })
    void malformedMultipartIsRefused(String body) throws Exception {
        var answer = multipart("/files", body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("MALFORMED_FORM");
        awaitNoFiles();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary=\"a\"b\"; x",
                "multipart/form-data; boundary=\"tail \"",
                "multipart/form-data; boundary=ü",
            })
    void boundaryThatIsNoneIsRefused(String contentType) throws Exception {
        var answer =
                door.raw("POST /files HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\nContent-Type: "
                        + contentType + "\r\n\r\n--");
        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("MALFORMED_FORM");
        var longest = door.raw("POST /files HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n"
                + "Content-Type: multipart/form-data; boundary=" + "b".repeat(71) + "\r\n\r\n--");
        assertThat(longest).contains("MALFORMED_FORM");
    }

    @Test
    void multipartBombsAreRefusedAtTheirLimit() throws Exception {
        assertThat(multipart("/files", part("a", "1").repeat(21) + "--XX--\n").body())
                .contains("TOO_MANY_FIELDS");
        assertThat(multipart("/files", part("a", "x".repeat(3000)) + "--XX--\n").body())
                .contains("BODY_TOO_LARGE")
                .contains("(http.max-body)");
        assertThat(multipart("/files", part("a", "x".repeat(1500)) + part("a", "x".repeat(1500)) + "--XX--\n")
                        .body())
                .contains("BODY_TOO_LARGE");
        assertThat(multipart("/files", "--XX\nX: " + "x".repeat(5000) + "\n\n").body())
                .contains("longer than 4096");
        assertThat(multipart("/files", "--XX\n" + "X: y\n".repeat(2000) + "\n").body())
                .contains("longer than 4096");
        assertThat(multipart("/files", "p".repeat(5000) + "--XX--\n").body())
                .contains("does not begin with its boundary");
        var large = multipart("/files", file("name=\"l\"; filename=\"l\"", "x".repeat(300_000)) + "--XX--\n");
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(large.body()).contains("(http.uploads.max-size)");
        awaitNoFiles();
    }

    /** The length is not declared, so that half of the file is on disk when the limit, or the end, is met. */
    @Test
    void halfAFileIsRemovedToo() throws Exception {
        var head =
                """
                POST /files HTTP/1.1
                Host: a
                Connection: close
                Transfer-Encoding: chunked
                Content-Type: multipart/form-data; boundary=XX

                """
                        .replace("\n", "\r\n");
        var begin = file("name=\"l\"; filename=\"l\"", "x".repeat(9000)).replace("\n", "\r\n");
        var chunk = Integer.toHexString(begin.length()) + "\r\n" + begin + "\r\n";
        assertThat(door.raw(head + chunk + "0\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .contains("MALFORMED_FORM");
        assertThat(door.raw(head + chunk + ("4000\r\n" + "y".repeat(0x4000) + "\r\n").repeat(20)))
                .contains("BODY_TOO_LARGE");
        awaitNoFiles();
    }

    @Test
    void everySplitOfTheBytesIsReadAlike() throws Exception {
        var body = (part("a", "1\r\n--X") + file("name=\"f\"; filename=\"f\"", "\r\r\n-") + "--XX--")
                .replace("\n", "\r\n");
        for (int size = 1; size < 8; size++) {
            int piece = size;
            var in = new java.io.ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)) {
                @Override
                public synchronized int read(byte[] to, int offset, int length) {
                    return super.read(to, offset, Math.min(length, piece));
                }
            };
            var reader = new Multipart(
                    in,
                    "multipart/form-data; boundary=XX",
                    dev.plinth.schema.Schema.of(UploadConfig.class).defaults(),
                    1000);
            reader.read();
            assertThat(reader.fields).containsOnlyKeys("a");
            assertThat(reader.files).hasSize(1);
            assertThat(reader.files.getFirst().bytes()).asString().isEqualTo("\r\r\r\n-");
        }
    }
}
