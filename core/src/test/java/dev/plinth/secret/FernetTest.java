package dev.plinth.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.time.ManualTime;
import dev.plinth.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FernetTest {
    /** The key of all vectors that the specification publishes. */
    private static final String KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";

    private static final String OTHER_KEY = "9IXx2F5d5Ob-h5xdCnFSUXhuFKLGRibvLfSbixpcfCw=";
    private static final String HELLO =
            "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==";

    private static Fernet fernet(Time time, String... keys) {
        var secrets = new ArrayList<Secret>();
        for (var key : keys) {
            secrets.add(Secret.of(key));
        }
        return Fernet.of(secrets, time);
    }

    private static Time at(String instant) {
        return new ManualTime(OffsetDateTime.parse(instant).toInstant(), 1);
    }

    /** {@code generate.json} of the specification. */
    @Test
    void makesTheTokenOfTheSpecification() {
        var iv = new byte[16];
        for (int i = 0; i < iv.length; i++) {
            iv[i] = (byte) i;
        }
        var now = OffsetDateTime.parse("1985-10-26T01:20:00-07:00").toInstant();

        assertThat(fernet(Time.system(), KEY).encrypt(Secret.of("hello"), now, iv))
                .isEqualTo(HELLO);
    }

    /** {@code verify.json} of the specification. */
    @Test
    void opensTheTokenOfTheSpecification() {
        var fernet = fernet(at("1985-10-26T01:20:01-07:00"), KEY);

        assertThat(fernet.decrypt(HELLO, Duration.ofSeconds(60)).reveal()).isEqualTo("hello");
        assertThat(fernet.decrypt(HELLO).reveal()).isEqualTo("hello");
        assertThat(fernet.decrypt(HELLO.replace("=", "")).reveal()).isEqualTo("hello");
    }

    /** {@code invalid.json} of the specification, each with what is said about it. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            incorrect mac | gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykQUFBQUFBQUFBQQ== | 01 | was made with another key, or changed since
            too short | gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPA== | 01 | is not a whole Fernet token: a part of it is missing, or there is too much
            invalid base64 | %%%%%%%%%%%%%AECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-p1YsUD2Q== | 01 | is no Fernet token: it is not Base64 of the kind for URLs
            payload size not multiple of block size | gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPOm73QeoCk9uGib28Xe5vz6oxq5nmxbx_v7mrfyudzUm | 01 | is not a whole Fernet token: a part of it is missing, or there is too much
            payload padding error | gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0ODz4LEpdELGQAad7aNEHbf-JkLPIpuiYRLQ3RtXatOYREu2FWke6CnJNYIbkuKNqOhw== | 01 | was made wrongly: its padding is none
            far-future TS (unacceptable clock skew) | gAAAAAAdwStRAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAnja1xKYyhd-Y6mSkTOyTGJmw2Xc2a6kBd-iX9b_qXQcw== | 01 | was made in the future (do the clocks differ?)
            expired TTL | gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-p1YsUD2Q== | 91 | has expired: it is 90 s old (expected: at most 60 s)
            incorrect IV (causes padding error) | gAAAAAAdwJ6xBQECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAkLhFLHpGtDBRLRTZeUfWgHSv49TF2AUEZ1TIvcZjK1zQ== | 01 | was made wrongly: its padding is none
            """)
    void refusesWhatTheSpecificationCallsInvalid(String description, String token, int second, String message) {
        var fernet = fernet(new ManualTime(Instant.parse("1985-10-26T08:20:00Z").plusSeconds(second), 1), KEY);

        assertThatThrownBy(() -> fernet.decrypt(token, Duration.ofSeconds(60)))
                .as(description)
                .isInstanceOf(DecryptionException.class)
                .hasMessage(message);
    }

    /** A token of the tests of PyMS, made by Python's {@code cryptography}. */
    @Test
    void opensWhatPythonMade() {
        var token =
                "gAAAAABeSZ714r99iRIxhoH77vTdRJ0iqSymShfqgGN9PJveqhQWmshRDuV2a8sATey8_lHkln0TwezczucH-aJHGP_LyEiPxwM-"
                        + "88clNa7FB1u4g7Iaw3A=";

        assertThat(fernet(Time.system(), OTHER_KEY).decrypt(token).reveal()).isEqualTo("http://database-url");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "exactly 16 bytes", "größer als ein Block, mit Umlauten und 日本語\n"})
    void textComesBackAsItWas(String text) {
        var fernet = fernet(Time.system(), KEY);
        var token = fernet.encrypt(Secret.of(text));

        assertThat(fernet.decrypt(token).reveal()).isEqualTo(text);
        assertThat(fernet.encrypt(Secret.of(text))).isNotEqualTo(token);
        assertThat(token).startsWith("gAAAAA").matches("[A-Za-z0-9_=-]+");
    }

    @Test
    void aTokenIsStampedByTheClock() {
        var time = new ManualTime(Instant.parse("2026-11-21T10:00:00Z"), 1);
        var fernet = fernet(time, KEY);
        var token = fernet.encrypt(Secret.of("x"));

        time.advance(Duration.ofSeconds(60));
        assertThat(fernet.decrypt(token, Duration.ofSeconds(60)).reveal()).isEqualTo("x");
        time.advance(Duration.ofSeconds(1));
        assertThatThrownBy(() -> fernet.decrypt(token, Duration.ofSeconds(60)))
                .hasMessage("has expired: it is 61 s old (expected: at most 60 s)");
        assertThat(fernet.decrypt(token).reveal()).isEqualTo("x");
    }

    @Test
    void theFirstKeyEncryptsAndAllDecrypt() {
        var old = fernet(Time.system(), KEY);
        var both = fernet(Time.system(), OTHER_KEY, KEY);
        var now = fernet(Time.system(), OTHER_KEY);

        assertThat(both.decrypt(old.encrypt(Secret.of("a"))).reveal()).isEqualTo("a");
        assertThat(now.decrypt(both.encrypt(Secret.of("b"))).reveal()).isEqualTo("b");
        assertThatThrownBy(() -> now.decrypt(old.encrypt(Secret.of("a"))))
                .isInstanceOf(DecryptionException.class)
                .hasMessage("was made with another key, or changed since");
    }

    @Test
    void noBitOfATokenCanBeChanged() {
        var fernet = fernet(Time.system(), KEY);
        var token = Base64.getUrlDecoder().decode(fernet.encrypt(Secret.of("hunter2")));
        for (int bit = 0; bit < token.length * 8; bit++) {
            var changed = token.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            var text = Base64.getUrlEncoder().encodeToString(changed);
            assertThatThrownBy(() -> fernet.decrypt(text)).isInstanceOf(DecryptionException.class);
        }
    }

    @Test
    void nothingThatIsThrownHoldsTokenOrText() {
        var fernet = fernet(Time.system(), KEY);
        var token = fernet(Time.system(), OTHER_KEY).encrypt(Secret.of("hunter2"));
        for (var wrong : List.of(token, token.substring(4), "hunter2", "", "gAAA hunter2", token + "AAAA")) {
            assertThatThrownBy(() -> fernet.decrypt(wrong))
                    .isInstanceOf(DecryptionException.class)
                    .hasNoCause()
                    .message()
                    .doesNotContain("hunter2", token.substring(10, 20));
        }
    }

    @Test
    void bytesThatAreNoTextAreTold() {
        var maker = fernet(Time.system(), KEY);
        // A token whose text was made in a way that can't be UTF-8 does not come from here, so it is put together.
        var token = FernetBytes.token(KEY, new byte[] {(byte) 0xC3, 0x28});
        assertThatThrownBy(() -> maker.decrypt(token)).hasMessage("holds no text (expected: UTF-8)");
    }

    @Test
    void newKeysAreKeysAndDiffer() {
        var key = Fernet.newKey();

        assertThat(key.reveal())
                .matches("[A-Za-z0-9_-]{43}=")
                .isNotEqualTo(Fernet.newKey().reveal());
        assertThat(Fernet.of(List.of(key), Time.system()).encrypt(Secret.of("x")))
                .isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            hunter | the key has 4 bytes (expected: 32, which are 44 characters of A-Z, a-z, 0-9, -, _ and = at the end)
            no key! | the key is not Base64 of the kind for URLs (expected: 44 characters of A-Z, a-z, 0-9, -, _ and = at the end)
            """)
    void aWrongKeyIsToldWithoutIt(String key, String message) {
        assertThatThrownBy(() -> fernet(Time.system(), KEY, key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message)
                .hasNoCause();
    }
}
