package dev.plinth.http.engine;

import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** The line {@code Date: ...}, made once a second. Thread-safe. */
final class HttpDate {
    private static final String DAYS = "MonTueWedThuFriSatSun";
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    private record Line(long second, String text) {}

    private volatile Line line = new Line(-1, "");

    String line(long second) {
        var last = line;
        if (last.second != second) {
            last = new Line(second, "Date: " + format(second) + "\r\n");
            line = last;
        }
        return last.text;
    }

    /** The fixed-length form of RFC 9110, section 5.6.7; by hand, since a formatter costs a hundred classes at start. */
    static String format(long second) {
        var time = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
        int day = (time.getDayOfWeek().getValue() - 1) * 3;
        int month = (time.getMonthValue() - 1) * 3;
        var text = new StringBuilder(29).append(DAYS, day, day + 3).append(", ");
        twoDigits(text, time.getDayOfMonth()).append(' ').append(MONTHS, month, month + 3);
        text.append(' ').append(time.getYear()).append(' ');
        twoDigits(text, time.getHour()).append(':');
        twoDigits(text, time.getMinute()).append(':');
        return twoDigits(text, time.getSecond()).append(" GMT").toString();
    }

    private static StringBuilder twoDigits(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
