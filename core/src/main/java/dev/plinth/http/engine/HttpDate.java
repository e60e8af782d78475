package dev.plinth.http.engine;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Dates as HTTP writes them (RFC 9110, section 5.6.7), and the line {@code Date: ...}, made once a second. Thread-safe. */
public final class HttpDate {
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
    public static String format(long second) {
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

    /**
     * The second that a date is, in the form of {@link #format} or in one of the two obsolete ones; -1 if it is in none.
     */
    public static long parse(String date) {
        var parts = date.replace(',', ' ').replace('-', ' ').trim().split(" +", 8);
        try {
            if (parts.length == 6 && parts[5].equals("GMT")) { // Sun, 06 Nov 1994 and Sunday, 06-Nov-94
                int year = Integer.parseInt(parts[3]);
                return second(year < 70 ? year + 2000 : year < 100 ? year + 1900 : year, parts[2], parts[1], parts[4]);
            }
            return parts.length == 5 ? second(Integer.parseInt(parts[4]), parts[1], parts[2], parts[3]) : -1;
        } catch (NumberFormatException | DateTimeException malformed) {
            return -1;
        }
    }

    private static long second(int year, String monthName, String day, String clock) {
        int month = monthName.length() == 3 ? MONTHS.indexOf(monthName) : -1;
        if (month < 0 || month % 3 != 0 || clock.length() != 8 || clock.charAt(2) != ':' || clock.charAt(5) != ':') {
            return -1;
        }
        return LocalDateTime.of(
                        year,
                        month / 3 + 1,
                        Integer.parseInt(day),
                        Integer.parseInt(clock.substring(0, 2)),
                        Integer.parseInt(clock.substring(3, 5)),
                        Math.min(59, Integer.parseInt(clock.substring(6))))
                .toEpochSecond(ZoneOffset.UTC);
    }

    private static StringBuilder twoDigits(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
