package dev.plinth.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.error.Problem;
import dev.plinth.http.engine.HttpDate;
import dev.plinth.schema.Schema;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Input that was bent at random, from a fixed seed: each reader takes it or refuses it as a problem, and ends. */
@Timeout(60)
class InputFuzzTest {
    private static final String HINTS = "\r\n\0;:,=\"'\\-_%/*?&# \tWbytesqGMT0123456789XX\u00e9\u20ac";

    private final Random random = new Random(7);

    private String bent(String seed) {
        var text = new StringBuilder(seed);
        for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
            int at = random.nextInt(text.length() + 1);
            char hint = HINTS.charAt(random.nextInt(HINTS.length()));
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, hint);
                case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(8)));
                case 2 -> text.insert(at, text.substring(Math.max(0, at - 20), at));
                default -> {
                    if (at < text.length()) {
                        text.setCharAt(at, hint);
                    }
                }
            }
        }
        return text.toString();
    }

    @Test
    void formsAreReadOrRefused() throws IOException {
        var seed =
                "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--XX\r\nContent-Disposition: form-data;"
                        + " name=\"f\"; filename=\"x.png\"\r\nContent-Type: image/png\r\n\r\n\u00e9\r\n--XX--\r\n";
        var config = Schema.of(UploadConfig.class).defaults();
        int taken = 0;
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            var body = bent(seed).getBytes(random.nextBoolean() ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
            try {
                new Multipart(new ByteArrayInputStream(body), bent("multipart/form-data; boundary=XX"), config, 1000)
                        .read();
                taken++;
            } catch (Problem problem) {
                assertThat(problem.code()).isIn("MALFORMED_FORM", "TOO_MANY_FIELDS", "BODY_TOO_LARGE");
                refused++;
            }
        }
        assertThat(taken).isGreaterThan(100);
        assertThat(refused).isGreaterThan(1000);
    }

    @Test
    void queriesAndFormsAreReadOrRefused() {
        for (int i = 0; i < 20_000; i++) {
            boolean form = random.nextBoolean();
            try {
                Fields.urlEncoded(bent("a=1&b=%C3%A9&c=x+y&a=2&=&d"), form, 100);
            } catch (Problem problem) {
                assertThat(problem.code()).isEqualTo(form ? "MALFORMED_FORM" : "MALFORMED_QUERY");
            }
        }
    }

    /** What a header says wrongly is passed over, and never an error. */
    @Test
    void headersAreReadOrPassedOver() {
        for (int i = 0; i < 20_000; i++) {
            assertThat(Fields.cookies(List.of(bent("a=1; b=\"2\"; c=3")))).isNotNull();
            assertThat(Qualities.of(List.of(bent("text/html;q=0.8, */*;q=0.1, gzip")))
                            .ofType("text/html"))
                    .isBetween(0, 1000);
            var ranges = Ranges.of(bent("bytes=0-5, 7-, -3"), 26);
            if (ranges != null) {
                assertThat(ranges).hasSizeLessThanOrEqualTo(16).allSatisfy(range -> assertThat(
                                range.first() >= 0 && range.last() < 26 && range.length() > 0)
                        .isTrue());
            }
            Conditions.names(List.of(bent("\"a\", W/\"b\", *")), "\"a\"", random.nextBoolean());
            HttpDate.parse(bent("Sun, 06 Nov 1994 08:49:37 GMT"));
        }
    }

    @Test
    void datesOfAllThreeFormsAreRead() {
        for (var date :
                Set.of("Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994")) {
            assertThat(HttpDate.parse(date)).as(date).isEqualTo(784_111_777);
        }
        assertThat(HttpDate.format(784_111_777)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
        for (var wrong : Set.of(
                "",
                "GMT",
                "Sun, 06 Xov 1994 08:49:37 GMT",
                "Sun, 31 Feb 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 24:49:37 GMT",
                "Sun, 06 Nov 1994 08:49:37 CET",
                "Sun, 06 novDec 1994 08:49:37 GMT")) {
            assertThat(HttpDate.parse(wrong)).as(wrong).isEqualTo(-1);
        }
    }
}
