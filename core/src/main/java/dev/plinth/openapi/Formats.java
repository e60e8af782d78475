package dev.plinth.openapi;

import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.util.Base64;
import java.util.regex.Pattern;

/** The formats that are judged. A format of another name says something to people and nothing here. */
final class Formats {
    private static final Pattern DATE_TIME =
            Pattern.compile("(\\d{4}-\\d{2}-\\d{2})[Tt ](\\d{2}:\\d{2}:\\d{2}(?:\\.\\d+)?(?:[Zz]|[+-]\\d{2}:\\d{2}))");
    private static final Pattern DURATION =
            Pattern.compile("P(?!$)(\\d+W|(\\d+Y)?(\\d+M)?(\\d+D)?(T(?=\\d)(\\d+H)?(\\d+M)?(\\d+S)?)?)");
    private static final Pattern UUID = Pattern.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");
    private static final Pattern EMAIL =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,253}[A-Za-z0-9])?");
    private static final Pattern HOST_NAME = Pattern.compile(
            "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");
    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    private static final BigDecimal INT = BigDecimal.valueOf(Integer.MAX_VALUE);
    private static final BigDecimal LONG = BigDecimal.valueOf(Long.MAX_VALUE);

    private Formats() {}

    /** Whether a text is of that format. */
    static boolean holds(String format, String text) {
        return switch (format) {
            case "date" -> isDate(text);
            case "date-time" -> isDateTime(text);
            case "time" -> isTime(text);
            case "duration" -> DURATION.matcher(text).matches();
            case "uuid" -> UUID.matcher(text).matches();
            case "email" -> text.length() <= 320 && EMAIL.matcher(text).matches() && !text.contains("..");
            case "hostname" -> HOST_NAME.matcher(text).matches();
            case "ipv4" -> IPV4.matcher(text).matches();
            case "ipv6" -> IPV6.matcher(text).matches() && isIpv6(text);
            case "uri" -> isUri(text, true);
            case "uri-reference" -> isUri(text, false);
            case "json-pointer" -> text.isEmpty() || (text.startsWith("/") && !text.matches("(?s).*~([^01].*|$)"));
            case "byte" -> isBase64(text);
            case "regex" -> isRegex(text);
            default -> true;
        };
    }

    /** Whether a number is of that format. */
    static boolean holds(String format, BigDecimal number) {
        return switch (format) {
            case "int32" ->
                number.compareTo(INT) <= 0 && number.compareTo(INT.negate().subtract(BigDecimal.ONE)) >= 0;
            case "int64" ->
                number.compareTo(LONG) <= 0 && number.compareTo(LONG.negate().subtract(BigDecimal.ONE)) >= 0;
            case "float" -> !Float.isInfinite(number.floatValue());
            case "double" -> !Double.isInfinite(number.doubleValue());
            default -> true;
        };
    }

    private static boolean isDate(String text) {
        try {
            return text.length() == 10 && LocalDate.parse(text) != null;
        } catch (DateTimeException wrong) {
            return false;
        }
    }

    private static boolean isDateTime(String text) {
        var parts = DATE_TIME.matcher(text);
        return text.length() <= 100 && parts.matches() && isDate(parts.group(1)) && isTime(parts.group(2));
    }

    /** A leap second may stand at the end of a day of UTC. */
    private static boolean isTime(String text) {
        if (text.length() > 100 || !text.matches("\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?([Zz]|[+-]\\d{2}:\\d{2})")) {
            return false;
        }
        boolean leap = text.startsWith("60", 6);
        var plain = (leap ? text.substring(0, 6) + "59" + text.substring(8) : text)
                .replaceFirst("\\.\\d+", "")
                .replace('z', 'Z');
        try {
            var time = OffsetTime.parse(plain);
            return !leap
                    || LocalTime.of(23, 59, 59)
                            .equals(time.withOffsetSameInstant(java.time.ZoneOffset.UTC)
                                    .toLocalTime());
        } catch (DateTimeException wrong) {
            return false;
        }
    }

    private static boolean isIpv6(String text) {
        if (!text.contains(":")) {
            return false;
        }
        int compressed = text.indexOf("::");
        if (compressed >= 0 && text.indexOf("::", compressed + 1) >= 0) {
            return false;
        }
        int last = text.lastIndexOf(':');
        boolean dotted = text.indexOf('.') >= 0;
        if (dotted && !IPV4.matcher(text.substring(last + 1)).matches()) {
            return false;
        }
        var groups = dotted ? text.substring(0, last + 1) + "0:0" : text;
        if ((groups.startsWith(":") && compressed != 0) || (groups.endsWith(":") && !groups.endsWith("::"))) {
            return false;
        }
        int count = 0;
        for (var group : groups.split(":", -1)) {
            if (!group.matches("[0-9A-Fa-f]{0,4}")) {
                return false;
            }
            count += group.isEmpty() ? 0 : 1;
        }
        return compressed >= 0 ? count < 8 : count == 8;
    }

    private static boolean isUri(String text, boolean absolute) {
        try {
            var uri = new URI(text);
            return (!absolute || uri.isAbsolute()) && text.chars().allMatch(c -> c < 128);
        } catch (URISyntaxException wrong) {
            return false;
        }
    }

    private static boolean isBase64(String text) {
        try {
            Base64.getDecoder().decode(text);
            return true;
        } catch (IllegalArgumentException wrong) {
            return false;
        }
    }

    private static boolean isRegex(String text) {
        try {
            EcmaPattern.of(text);
            return true;
        } catch (IllegalArgumentException wrong) {
            return false;
        }
    }
}
