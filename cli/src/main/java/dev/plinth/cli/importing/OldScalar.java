package dev.plinth.cli.importing;

import dev.plinth.cli.importing.Foreign.Kind;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a text without quotes meant in YAML 1.1, by which the older systems read their files: {@code yes} is a truth value,
 * {@code 010} is eight, {@code 1:30} is ninety.
 */
final class OldScalar {
    private static final Pattern TRUTH =
            Pattern.compile("yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF");
    private static final Pattern WHOLE = Pattern.compile("[-+]?(0|[1-9][0-9_]*)");
    private static final Pattern OCTAL = Pattern.compile("[-+]?0[0-7_]+");
    private static final Pattern HEX = Pattern.compile("[-+]?0x[0-9a-fA-F_]+");
    private static final Pattern BINARY = Pattern.compile("[-+]?0b[0-1_]+");
    private static final Pattern SIXTIES = Pattern.compile("[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+");
    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?([0-9][0-9_]*\\.[0-9_]*|\\.[0-9][0-9_]*)([eE][-+]?[0-9]+)?");

    private OldScalar() {}

    /** The value as YAML 1.2 writes it. */
    static Foreign.Single of(String text, int line) {
        switch (text) {
            case "", "~", "null", "Null", "NULL" -> {
                return new Foreign.Single(Kind.NOTHING, "", line);
            }
            default -> {}
        }
        if (TRUTH.matcher(text).matches()) {
            var lower = text.toLowerCase(Locale.ROOT);
            boolean truth = lower.equals("yes") || lower.equals("true") || lower.equals("on");
            return new Foreign.Single(Kind.TRUTH, Boolean.toString(truth), line);
        }
        var plain = text.replace("_", "");
        if (WHOLE.matcher(text).matches()) {
            return new Foreign.Single(Kind.WHOLE, plain.startsWith("+") ? plain.substring(1) : plain, line);
        }
        if (OCTAL.matcher(text).matches()) {
            return whole(plain.replaceFirst("0", ""), 8, line);
        }
        if (HEX.matcher(text).matches()) {
            return whole(plain.replaceFirst("0x", ""), 16, line);
        }
        if (BINARY.matcher(text).matches()) {
            return whole(plain.replaceFirst("0b", ""), 2, line);
        }
        if (SIXTIES.matcher(text).matches()) {
            return new Foreign.Single(Kind.WHOLE, sixties(plain), line);
        }
        if (DECIMAL.matcher(text).matches()) {
            return new Foreign.Single(Kind.DECIMAL, plain, line);
        }
        return new Foreign.Single(Kind.TEXT, text, line);
    }

    private static Foreign.Single whole(String digits, int radix, int line) {
        var empty = digits.isEmpty() || digits.equals("-") || digits.equals("+");
        return new Foreign.Single(Kind.WHOLE, empty ? "0" : new BigInteger(digits, radix).toString(), line);
    }

    private static String sixties(String text) {
        boolean negative = text.startsWith("-");
        var sum = BigInteger.ZERO;
        for (var part : text.replaceFirst("^[-+]", "").split(":", -1)) {
            sum = sum.multiply(BigInteger.valueOf(60)).add(new BigInteger(part));
        }
        return (negative ? sum.negate() : sum).toString();
    }
}
