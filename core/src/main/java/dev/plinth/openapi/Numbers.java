package dev.plinth.openapi;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Values of JSON as their worth: {@code 1}, {@code 1.0} and {@code 1e0} are the same. */
final class Numbers {
    private Numbers() {}

    static @Nullable BigDecimal decimal(@Nullable Object value) {
        return switch (value) {
            case BigDecimal decimal -> decimal;
            case BigInteger whole -> new BigDecimal(whole);
            case Integer whole -> BigDecimal.valueOf(whole);
            case Long whole -> BigDecimal.valueOf(whole);
            case null, default -> null;
        };
    }

    static boolean isWhole(BigDecimal number) {
        return number.scale() <= 0 || number.stripTrailingZeros().scale() <= 0;
    }

    /** A text that equal values share and others don't: for sets of values that a stranger chose. */
    static String canonical(@Nullable Object value) {
        var text = new StringBuilder();
        canonical(value, text);
        return text.toString();
    }

    private static void canonical(@Nullable Object value, StringBuilder text) {
        var number = decimal(value);
        if (number != null) {
            text.append(number.signum() == 0 ? "0" : number.stripTrailingZeros().toString());
            return;
        }
        switch (value) {
            case String string ->
                text.append('"')
                        .append(string.replace("\\", "\\\\").replace("\"", "\\\""))
                        .append('"');
            case List<?> list -> {
                text.append('[');
                for (var item : list) {
                    canonical(item, text);
                    text.append(',');
                }
                text.append(']');
            }
            case Map<?, ?> map -> {
                text.append('{');
                new TreeMap<>(map).forEach((name, each) -> {
                    canonical(name, text);
                    text.append(':');
                    canonical(each, text);
                    text.append(',');
                });
                text.append('}');
            }
            case null, default -> text.append(value);
        }
    }
}
