package dev.plinth.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.secret.Secret;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ValuesTest {
    private record Card(String number) {
        @Override
        public String toString() {
            return "Card[hidden]";
        }
    }

    private static String json(Object value) {
        return Records.line(new JsonFormat(), Records.with(new Values().field("k", value)))
                .replaceFirst(".*\"thread\":\"main\",\"k\":", "")
                .replaceFirst("}\n$", "");
    }

    @Test
    void keepsWhatJsonHasATypeFor() {
        assertThat(json(null)).isEqualTo("null");
        assertThat(json("a")).isEqualTo("\"a\"");
        assertThat(json(true)).isEqualTo("true");
        assertThat(json(-5)).isEqualTo("-5");
        assertThat(json(Long.MIN_VALUE)).isEqualTo("-9223372036854775808");
        assertThat(json((short) 3)).isEqualTo("3");
        assertThat(json(1.5e300)).isEqualTo("1.5E300");
        assertThat(json(new BigDecimal("1.10"))).isEqualTo("1.10");
        assertThat(json(new BigInteger("123456789012345678901234567890"))).isEqualTo("123456789012345678901234567890");
        assertThat(json(new AtomicInteger(7))).isEqualTo("7");
        assertThat(json(List.of(1, "a", List.of()))).isEqualTo("[1,\"a\",[]]");
        assertThat(json(new int[] {1, 2})).isEqualTo("[1,2]");
        assertThat(json(new Object[] {"a", null})).isEqualTo("[\"a\",null]");
        assertThat(json(new TreeMap<>(Map.of("a", 1, "b", Map.of())))).isEqualTo("{\"a\":1,\"b\":{}}");
        assertThat(json(Optional.of(1))).isEqualTo("1");
        assertThat(json(Optional.empty())).isEqualTo("null");
    }

    @Test
    void printsTheRest() {
        assertThat(json(Double.NaN)).isEqualTo("\"NaN\"");
        assertThat(json(Float.NEGATIVE_INFINITY)).isEqualTo("\"-Infinity\"");
        assertThat(json(BigInteger.TWO.pow(2000))).startsWith("\"1148");
        assertThat(json(Duration.ofSeconds(3))).isEqualTo("\"PT3S\"");
        assertThat(json(Thread.State.BLOCKED)).isEqualTo("\"BLOCKED\"");
        assertThat(json('c')).isEqualTo("\"c\"");
        assertThat(json(new byte[10])).isEqualTo("\"10 bytes\"");
        assertThat(json(java.nio.file.Path.of("/a/b"))).isEqualTo("\"/a/b\"");
    }

    @Test
    void showsNoSecret() {
        assertThat(json(Secret.of("s3cr3t"))).isEqualTo("\"***\"");
        assertThat(json(Map.of("password", Secret.of("s3cr3t")))).isEqualTo("{\"password\":\"***\"}");
        assertThat(json(new Card("4111"))).isEqualTo("\"Card[hidden]\"");
    }

    @Test
    void survivesWhatThrows() {
        assertThat(json(new Object() {
                    @Override
                    public String toString() {
                        throw new IllegalStateException("no");
                    }
                }))
                .isEqualTo("\"[unreadable: java.lang.IllegalStateException]\"");
        var one = new ArrayList<Object>();
        var other = new ArrayList<Object>(List.of(one));
        one.add(other);
        assertThat(json(one)).isEqualTo("\"[unreadable: java.lang.StackOverflowError]\"");
        var wide = new ArrayList<Object>();
        for (var i = 0; i < 1000; i++) {
            wide.add(wide);
        }
        assertThat(json(wide)).startsWith("[[[[").hasSizeLessThan(100_000);
    }

    @Test
    void copies() {
        var list = new ArrayList<>(List.of(1));
        var text = new StringBuilder("a");
        var values = new Values();
        var fields = List.of(values.field("list", list), values.field("text", text));

        list.add(2);
        text.append("b");

        assertThat(fields).extracting(LogRecord.Field::value).containsExactly(List.of(1), "a");
    }

    @Test
    void isBounded() {
        assertThat(json("x".repeat(100_000)))
                .hasSize(32_768 - 1 + 2 + "... [cut: 100000 characters]".length())
                .endsWith("x... [cut: 100000 characters]\"");
        var million = new Integer[1_000_000];
        Arrays.fill(million, 1);
        assertThat(json(million)).hasSizeLessThan(33_000).endsWith(",\"... [cut]\"]");

        var values = new Values();
        values.field("a", "x".repeat(40_000));
        assertThat(values.field("b", "y".repeat(40_000)).value()).isEqualTo("... [cut: 40000 characters]");
    }

    @Test
    void cutsNoPairInTwo() {
        assertThat(Values.cut("ab\ud83d\ude00cd", 3)).isEqualTo("ab... [cut: 6 characters]");
        assertThat(Values.cut("ab\ud83d\ude00cd", 4)).isEqualTo("ab\ud83d\ude00... [cut: 6 characters]");
        assertThat(Values.cut("abc", 3)).isEqualTo("abc");
    }
}
