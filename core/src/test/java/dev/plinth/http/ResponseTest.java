package dev.plinth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ResponseTest {
    @Test
    void eachWithGivesANewOne() {
        var plain = Response.ok("x");
        var changed = plain.withStatus(202)
                .withHeader("X-A", "1")
                .withHeader("X-A", "2")
                .withBody("y");

        assertThat(plain.status()).isEqualTo(200);
        assertThat(plain.headers()).isEmpty();
        assertThat(changed.status()).isEqualTo(202);
        assertThat(changed.header("x-a")).isEqualTo("1");
        assertThat(changed.headers()).hasSize(2);
        assertThat(changed.body()).isEqualTo("y");
        assertThat(changed.header("X-B")).isNull();
    }

    @Test
    void refusesAHeaderThatWouldSplitTheAnswer() {
        assertThatThrownBy(() -> Response.of(204).withHeader("Location", "/a\r\nSet-Cookie: x=1"))
                .hasMessage("header Location: '/a??Set-Cookie: x=1' (expected: visible characters of ISO-8859-1)."
                        + " Encode it, or leave the character out.");
        assertThatThrownBy(() -> Response.of(204).withHeader("X Y", "1"))
                .hasMessage("header name 'X Y' (expected: a token, RFC 9110)");
        assertThatThrownBy(() -> Response.of(204).withHeader("", "1")).hasMessage("header name '' (expected: a token)");
        assertThatThrownBy(() -> Response.of(204).withHeader("X", "€")).hasMessageContaining("ISO-8859-1");
    }

    @Test
    void refusesAStatusThatIsNone() {
        assertThatThrownBy(() -> Response.of(99)).hasMessage("response status 99 (expected: 200..599)");
    }
}
