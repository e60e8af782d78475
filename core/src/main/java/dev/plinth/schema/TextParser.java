package dev.plinth.schema;

import dev.plinth.secret.Secret;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Reads single values from text, the same way for configuration, path and query parameters, and strings in JSON.
 *
 * <p>The types are String, boolean, all numbers, {@link BigDecimal}, {@link BigInteger}, enums, {@link Duration}, {@link
 * ByteSize}, {@link Percent}, {@link Secret}, {@link Instant}, {@link LocalDate}, {@link LocalTime}, {@link
 * LocalDateTime}, {@link OffsetDateTime}, {@link ZoneId}, {@link UUID}, {@link URI}, {@link Path}, {@link
 * InetSocketAddress} (not resolved), {@link AddressBlock}, {@link Pattern}, {@link Locale} and {@link Charset}. Nothing is trimmed, guessed or
 * rounded.
 */
public final class TextParser {
    /** No number that means something is longer, and reading one takes time by the square of its length. */
    private static final int LONGEST_NUMBER = 100;

    private TextParser() {}

    /** Whether {@link #parse} reads that type. */
    public static boolean supports(Type type) {
        return type instanceof Class<?> c && (c.isEnum() || !expected(c).isEmpty());
    }

    /**
     * What a text of that type looks like, as the end of "expected: ": {@code a whole number from -128 to 127}. Empty if
     * the type is not supported.
     */
    public static String expected(Type type) {
        if (!(type instanceof Class<?> c)) {
            return "";
        }
        if (c == String.class || c == Secret.class) {
            return "a text";
        } else if (c == int.class || c == Integer.class) {
            return "a whole number from -2147483648 to 2147483647";
        } else if (c == long.class || c == Long.class) {
            return "a whole number from -9223372036854775808 to 9223372036854775807";
        } else if (c == boolean.class || c == Boolean.class) {
            return "true or false";
        } else if (c == double.class || c == Double.class || c == float.class || c == Float.class) {
            return "a number";
        } else if (c == Duration.class) {
            return "a duration such as 500ms, 30s or 1h30m";
        } else if (c.isEnum()) {
            return oneOf(choices(c));
        } else if (c == ByteSize.class) {
            return "a size such as 512KiB or 10MB";
        } else if (c == Percent.class) {
            return "a percentage such as 80%";
        } else if (c == Path.class) {
            return "a path of a file or folder";
        } else if (c == URI.class) {
            return "a URI such as https://example.org/path";
        } else if (c == UUID.class) {
            return "a UUID such as 123e4567-e89b-12d3-a456-426614174000";
        } else if (c == Instant.class) {
            return "an instant such as 2026-11-21T09:30:00Z";
        } else if (c == LocalDate.class) {
            return "a date such as 2026-11-21";
        } else if (c == LocalTime.class) {
            return "a time such as 09:30:00";
        } else if (c == LocalDateTime.class) {
            return "a date and time such as 2026-11-21T09:30:00";
        } else if (c == OffsetDateTime.class) {
            return "a date and time with offset such as 2026-11-21T09:30:00+01:00";
        } else if (c == ZoneId.class) {
            return "a time zone such as Europe/Paris or Z";
        } else if (c == BigDecimal.class) {
            return "a number";
        } else if (c == BigInteger.class) {
            return "a whole number";
        } else if (c == InetSocketAddress.class) {
            return "a host and port such as example.org:443";
        } else if (c == AddressBlock.class) {
            return "an address or a block of them such as 10.0.0.0/8";
        } else if (c == short.class || c == Short.class) {
            return "a whole number from -32768 to 32767";
        } else if (c == byte.class || c == Byte.class) {
            return "a whole number from -128 to 127";
        } else if (c == char.class || c == Character.class) {
            return "a single character";
        } else if (c == Pattern.class) {
            return "a regular expression";
        } else if (c == Locale.class) {
            return "a language tag such as en or de-CH";
        } else if (c == Charset.class) {
            return "a character set such as UTF-8";
        }
        return "";
    }

    /**
     * Reads one value.
     *
     * @throws IllegalArgumentException if the text is not of that type, saying which text and what was expected, such as
     *     {@code '30' has no unit (expected: a duration such as 500ms, 30s or 1h30m)}; or if {@link #supports} is false
     */
    public static Object parse(String text, Type type) {
        if (!(type instanceof Class<?> c)) {
            throw unsupported(type);
        }
        if (c == String.class) {
            return text;
        } else if (c == Secret.class) {
            return Secret.of(text);
        } else if (c == int.class || c == Integer.class) {
            return (int) whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
        } else if (c == long.class || c == Long.class) {
            return whole(text, Long.MIN_VALUE, Long.MAX_VALUE);
        } else if (c == boolean.class || c == Boolean.class) {
            if (text.equals("true") || text.equals("false")) {
                return text.equals("true");
            }
            throw notA("a boolean", text, c, null);
        } else if (c.isEnum()) {
            return constant(text, c);
        } else if (c == Duration.class) {
            return Durations.parse(text);
        } else if (c == ByteSize.class) {
            return ByteSize.parse(text);
        } else if (c == Percent.class) {
            return Percent.parse(text);
        } else if (c == AddressBlock.class) {
            return AddressBlock.parse(text);
        } else if (c == short.class || c == Short.class) {
            return (short) whole(text, Short.MIN_VALUE, Short.MAX_VALUE);
        } else if (c == byte.class || c == Byte.class) {
            return (byte) whole(text, Byte.MIN_VALUE, Byte.MAX_VALUE);
        } else if (c == char.class || c == Character.class) {
            if (text.length() == 1) {
                return text.charAt(0);
            }
            throw notA("a single character", text, c, null);
        }
        try {
            return parseOther(text, c);
        } catch (NumberFormatException e) {
            throw notA("a number", text, c, e);
        } catch (URISyntaxException e) {
            throw notA("a URI", text, c, e);
        } catch (InvalidPathException e) {
            throw notA("a path", text, c, e);
        } catch (DateTimeException e) {
            throw notA(expected(c).substring(0, expected(c).indexOf(" such as")), text, c, e);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a regular expression (" + e.getDescription() + " near index " + e.getIndex()
                            + ")",
                    e);
        } catch (IllformedLocaleException e) {
            throw notA("a language tag", text, c, e);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw notA("a character set of this JVM", text, c, e);
        }
    }

    private static Object parseOther(String text, Class<?> c) throws URISyntaxException {
        if (c == double.class || c == Double.class) {
            var value = Double.parseDouble(decimal(text));
            if (Double.isInfinite(value)) {
                throw new IllegalArgumentException(
                        "'" + text + "' is out of range (expected: a number from -1.8e308 to 1.8e308)");
            }
            return value;
        } else if (c == float.class || c == Float.class) {
            var value = Float.parseFloat(decimal(text));
            if (Float.isInfinite(value)) {
                throw new IllegalArgumentException(
                        "'" + text + "' is out of range (expected: a number from -3.4e38 to 3.4e38)");
            }
            return value;
        } else if (c == BigDecimal.class) {
            return new BigDecimal(decimal(text));
        } else if (c == BigInteger.class) {
            if (!isWhole(text)) {
                throw notA("a whole number", text, c, null);
            }
            return new BigInteger(text);
        } else if (c == URI.class) {
            return new URI(text);
        } else if (c == Path.class) {
            return Path.of(text);
        } else if (c == UUID.class) {
            return uuid(text);
        } else if (c == Instant.class) {
            return Instant.parse(text);
        } else if (c == LocalDate.class) {
            return LocalDate.parse(text);
        } else if (c == LocalTime.class) {
            return LocalTime.parse(text);
        } else if (c == LocalDateTime.class) {
            return LocalDateTime.parse(text);
        } else if (c == OffsetDateTime.class) {
            return OffsetDateTime.parse(text);
        } else if (c == ZoneId.class) {
            return ZoneId.of(text);
        } else if (c == InetSocketAddress.class) {
            return address(text);
        } else if (c == Pattern.class) {
            return Pattern.compile(text);
        } else if (c == Locale.class) {
            return new Locale.Builder().setLanguageTag(text).build();
        } else if (c == Charset.class) {
            return Charset.forName(text);
        }
        throw unsupported(c);
    }

    /**
     * The text that {@link #parse} reads back as an equal value, except that a {@link Secret} stays {@code ***}.
     * Durations are written as ISO-8601, enums by their exact name.
     */
    public static String print(Object value) {
        if (value instanceof Enum<?> constant) {
            return constant.name();
        } else if (value instanceof InetSocketAddress address) {
            var host = address.getHostString();
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
        } else if (value instanceof Locale locale) {
            return locale.toLanguageTag();
        }
        return value.toString();
    }

    private static long whole(String text, long least, long most) {
        if (!isWhole(text)) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a whole number (expected: " + least + ".." + most + ")");
        }
        try {
            var value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Beyond 64 bits, and so out of range as well.
        }
        throw new IllegalArgumentException("'" + text + "' is out of range (expected: " + least + ".." + most + ")");
    }

    private static boolean isWhole(String text) {
        var start = text.startsWith("-") ? 1 : 0;
        for (int i = start; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.length() > start && text.length() <= LONGEST_NUMBER;
    }

    /** The text, if it holds nothing that only Java takes for a number: NaN, 1d, 0x1p3, blanks. */
    private static String decimal(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789.-+eE".indexOf(text.charAt(i)) < 0) {
                throw new NumberFormatException();
            }
        }
        if (text.length() > LONGEST_NUMBER) {
            throw new NumberFormatException();
        }
        return text;
    }

    private static UUID uuid(String text) {
        // UUID.fromString also takes 1-1-1-1-1.
        if (text.length() == 36) {
            try {
                return UUID.fromString(text);
            } catch (IllegalArgumentException e) {
                throw notA("a UUID", text, UUID.class, e);
            }
        }
        throw notA("a UUID", text, UUID.class, null);
    }

    private static InetSocketAddress address(String text) {
        var colon = text.lastIndexOf(':');
        var host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            host = "";
        }
        if (host.isEmpty()) {
            throw notA("a host and port", text, InetSocketAddress.class, null);
        }
        var port = text.substring(colon + 1);
        if (!isWhole(port) || port.startsWith("-") || port.length() > 5 || Integer.parseInt(port) > 65535) {
            throw new IllegalArgumentException(
                    "'" + text + "' has no port of 0..65535 (expected: " + expected(InetSocketAddress.class) + ")");
        }
        return InetSocketAddress.createUnresolved(host, Integer.parseInt(port));
    }

    private static Object constant(String text, Class<?> type) {
        for (var constant : type.getEnumConstants()) {
            var name = ((Enum<?>) constant).name();
            if (name.equals(text) || choice(name).equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(unknown(text, choices(type)));
    }

    /** What to say of a text that is none of those. */
    static String unknown(String text, List<String> choices) {
        var meant = DidYouMean.nearest(text, choices);
        return "'" + text + "' is unknown (expected: " + oneOf(choices)
                + (meant.isPresent() ? "; did you mean " + meant.get() + "?)" : ")");
    }

    private static List<String> choices(Class<?> type) {
        var choices = new ArrayList<String>();
        for (var constant : type.getEnumConstants()) {
            choices.add(choice(((Enum<?>) constant).name()));
        }
        return choices;
    }

    private static String choice(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String oneOf(List<String> choices) {
        return choices.size() == 1 ? choices.getFirst() : "one of " + String.join(", ", choices);
    }

    private static IllegalArgumentException notA(String what, String text, Class<?> type, @Nullable Throwable cause) {
        var expected = expected(type);
        var text100 = text.length() <= 100 ? text : text.substring(0, 100) + "…";
        return new IllegalArgumentException(
                "'" + text100 + "' is not " + what + (what.equals(expected) ? "" : " (expected: " + expected + ")"),
                cause);
    }

    private static IllegalArgumentException unsupported(Type type) {
        return new IllegalArgumentException(
                "no text is read as " + type.getTypeName() + ": see TextParser for the types that are");
    }
}
