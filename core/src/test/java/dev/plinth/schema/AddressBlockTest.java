package dev.plinth.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressBlockTest {
    private static boolean contains(String block, String address) {
        return AddressBlock.parse(block).contains(InetAddress.ofLiteral(address));
    }

    @Test
    void containsWhatHasItsPrefix() {
        assertThat(contains("10.0.0.0/8", "10.255.1.2")).isTrue();
        assertThat(contains("10.0.0.0/8", "11.0.0.0")).isFalse();
        assertThat(contains("192.0.2.128/25", "192.0.2.127")).isFalse();
        assertThat(contains("192.0.2.128/25", "192.0.2.255")).isTrue();
        assertThat(contains("192.0.2.7", "192.0.2.7")).isTrue();
        assertThat(contains("192.0.2.7", "192.0.2.6")).isFalse();
        assertThat(contains("0.0.0.0/0", "192.0.2.6")).isTrue();
        assertThat(contains("0.0.0.0/0", "::1")).isFalse();
        assertThat(contains("fd00::/8", "fdff::1")).isTrue();
        assertThat(contains("::/0", "fe00::1")).isTrue();
        assertThat(contains("::/0", "10.0.0.1")).isFalse();
    }

    @Test
    void isReadAndPrintedAsTextLikeAnyOther() {
        for (var text : List.of("10.0.0.0/8", "127.0.0.1/32", "0.0.0.0/0")) {
            assertThat(TextParser.print(TextParser.parse(text, AddressBlock.class)))
                    .isEqualTo(text);
        }
        assertThat(TextParser.parse("127.0.0.1", AddressBlock.class)).isEqualTo(AddressBlock.parse("127.0.0.1/32"));
    }

    @Test
    void refusesWhatIsNone() {
        for (var text : List.of(
                "",
                "10",
                "10.0/8",
                "localhost",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "::/129",
                "::1%lo/1",
                "1.2.3.4/x")) {
            assertThatThrownBy(() -> AddressBlock.parse(text))
                    .hasMessage("'" + text
                            + "' is not an address block (expected: an address or a block of them such as 10.0.0.0/8)");
        }
        assertThatThrownBy(() -> AddressBlock.parse("fd00::1/8"))
                .hasMessage("'fd00:0:0:0:0:0:0:1/8' has bits behind its prefix (did you mean fd00:0:0:0:0:0:0:0/8?)");
    }
}
