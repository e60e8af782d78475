package dev.plinth.http.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderTableTest {
    private final HeaderTable table = new HeaderTable();

    private List<String> read(String hex) throws Http2Error {
        var bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        var read = new ArrayList<String>();
        table.read(bytes, 0, bytes.length, (name, value) -> read.add(name + ": " + value));
        return read;
    }

    /** RFC 7541, appendix C.3. */
    @Test
    void readsTheRequestsOfTheSpecification() throws Http2Error {
        assertThat(read("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d"))
                .containsExactly(":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com");
        assertThat(read("8286 84be 5808 6e6f 2d63 6163 6865"))
                .containsExactly(
                        ":method: GET",
                        ":scheme: http",
                        ":path: /",
                        ":authority: www.example.com",
                        "cache-control: no-cache");
        assertThat(read("8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65"))
                .containsExactly(
                        ":method: GET",
                        ":scheme: https",
                        ":path: /index.html",
                        ":authority: www.example.com",
                        "custom-key: custom-value");
    }

    /** RFC 7541, appendix C.4. */
    @Test
    void readsTheHuffmanCodedRequestsOfTheSpecification() throws Http2Error {
        assertThat(read("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"))
                .containsExactly(":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com");
        assertThat(read("8286 84be 5886 a8eb 1064 9cbf")).endsWith("cache-control: no-cache");
        assertThat(read("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf"))
                .endsWith(":authority: www.example.com", "custom-key: custom-value");
    }

    @Test
    void forgetsTheOldestBeyondTheSize() throws Http2Error {
        assertThat(read("3f21" + "4001 61 01 31" + "4001 62 01 32")).containsExactly("a: 1", "b: 2"); // 64 bytes
        assertThatThrownBy(() -> read("bf")).hasMessage("there is no header at place 63");
        assertThat(read("be")).containsExactly("b: 2");
    }

    @ParameterizedTest
    @CsvSource({
        "80, there is no header at place 0",
        "be, there is no header at place 62",
        "ff80808080, a number is too large",
        "ff, the headers end too early",
        "00 05 61, a text is longer than the headers",
        "00 81 00 00, a text is badly coded",
        "00 84 ffffffff 00, a text is badly coded",
        "00 82 1fff 00, a text is badly coded",
        "82 20, the table's size changes behind a header",
        "3fe2 1f, the table is made larger than was agreed"
    })
    void refusesWhatIsNoCompression(String hex, String problem) {
        assertThatThrownBy(() -> read(hex)).isInstanceOf(Http2Error.class).hasMessage(problem);
    }

    @Test
    void readsWhatItWrites() throws Http2Error {
        var to = new Bytes(16);
        HeaderTable.writeStatus(200, to);
        HeaderTable.writeStatus(418, to);
        HeaderTable.write("content-type", "text/plain", to);
        HeaderTable.write("x-long", "v".repeat(5000), to);
        assertThat(read(HexFormat.of().formatHex(to.array, 0, to.size)))
                .containsExactly(
                        ":status: 200", ":status: 418", "content-type: text/plain", "x-long: " + "v".repeat(5000));
    }
}
