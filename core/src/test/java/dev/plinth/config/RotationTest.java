package dev.plinth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.secret.Fernet;
import dev.plinth.secret.Secret;
import dev.plinth.time.Time;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RotationTest {
    private static final Secret OLD_KEY = Fernet.newKey();
    private static final Secret NEW_KEY = Fernet.newKey();
    private static final Fernet OLD = Fernet.of(List.of(OLD_KEY), Time.system());
    private static final Fernet NEW = Fernet.of(List.of(NEW_KEY), Time.system());
    private static final Fernet BOTH = Fernet.of(List.of(NEW_KEY, OLD_KEY), Time.system());
    private static final Pattern TOKEN = Pattern.compile("gAAAAA[A-Za-z0-9_-]+=*");

    private static Rotation rotate(String text) {
        return Rotation.of(text, "service.yaml", BOTH);
    }

    private static String token(String text) {
        return OLD.encrypt(Secret.of(text));
    }

    /** The text with each token replaced by what the new key alone makes of it. */
    private static String opened(String text) {
        return TOKEN.matcher(text)
                .replaceAll(found -> NEW.decrypt(found.group()).reveal());
    }

    @Test
    void allElseStaysAsItIs() {
        var text =
                """
                # 日本語 and 🎉 before it
                http:   { port: 8080 }    # odd   blanks
                settings:
                  enc_password:    %s   # the old one
                  'enc-other':
                     "%s"
                  list:
                    - { enc_a: '%s',   b: 1 }
                  folded: >
                     text that stays


                  enc_block: |
                     %s
                  plain: %s
                \t
                """
                        .formatted(token("one"), token("two"), token("three"), token("four"), "gone");
        var rotated = rotate(text);

        assertThat(opened(rotated.text()))
                .isEqualTo(
                        """
                # 日本語 and 🎉 before it
                http:   { port: 8080 }    # odd   blanks
                settings:
                  enc_password:    one   # the old one
                  'enc-other':
                     "two"
                  list:
                    - { enc_a: 'three',   b: 1 }
                  folded: >
                     text that stays


                  enc_block: |
                     four
                  plain: gone
                \t
                """);
        assertThat(rotated.count()).isEqualTo(4);
        assertThat(rotated.left()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\uFEFFenc_a: %s\r\n# end\r\n",
                "enc_a: %s",
                "{\"enc_a\": \"%s\", \"b\": [1,\t2]}",
                "x-token: &it %s\nsettings: { enc_a: *it }\n",
                "enc_a: &it %s\nb: { enc_a: *it }\n"
            })
    void whateverTheTextLooksLike(String pattern) {
        var rotated = rotate(pattern.formatted(token("text")));

        assertThat(opened(rotated.text())).isEqualTo(pattern.formatted("text"));
        assertThat(rotated.count()).isOne();
    }

    @Test
    void tokensFromElsewhereAreLeftAndNamed() {
        var text = "a: { enc_b: \"${TOKEN}\" }\nenc_empty:\nenc_c: " + token("c") + "\n";
        var rotated = rotate(text);

        assertThat(rotated.count()).isOne();
        assertThat(rotated.left()).containsExactly("a.enc_b");
        assertThat(rotated.text()).startsWith("a: { enc_b: \"${TOKEN}\" }\nenc_empty:\nenc_c: gAAAAA");
    }

    @Test
    void nothingIsToBeDoneWithoutTokens() {
        assertThat(rotate("a: 1\n")).isEqualTo(new Rotation("a: 1\n", 0, List.of()));
        assertThat(rotate("")).isEqualTo(new Rotation("", 0, List.of()));
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        var stranger = Fernet.of(List.of(Fernet.newKey()), Time.system()).encrypt(Secret.of("hunter2"));
        var token = token("hunter2");
        var text = "enc_a: hunter2\nb:\n  - enc_c: " + stranger + "\nenc_d: [1]\nenc_e: \"" + token.substring(0, 30)
                + "\\\n  " + token.substring(30) + "\"\nenc_f: " + token + "\n";

        assertThatThrownBy(() -> rotate(text))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        """
                        service.yaml has 4 problems:
                          enc_a: its token is no Fernet token: it doesn't begin with gA [service.yaml:1:8]
                          b.0.enc_c: its token was made with another key, or changed since [service.yaml:3:12]
                          enc_d: keys and values, or a list (expected: one token, as plinth encrypt prints it) [service.yaml:4:8]
                          enc_e: its token is not in one piece (expected: one line, as plinth encrypt prints it) [service.yaml:5:8]""");
    }

    @Test
    void whatIsNoYamlIsTold() {
        assertThatThrownBy(() -> rotate("a: [\n")).isInstanceOf(ConfigException.class);
    }
}
