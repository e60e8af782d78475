package dev.plinth.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a client accepts, as {@code Accept} and {@code Accept-Encoding} say it: values with weights (RFC 9110, section
 * 12.4.2). Members that are malformed are passed over; parameters other than {@code q} don't count.
 */
final class Qualities {
    /** No client sends more, and each costs a comparison for each thing that is on offer. */
    private static final int MOST = 64;

    private record Member(String value, int thousandths) {}

    private final List<Member> members = new ArrayList<>();

    private Qualities() {}

    static Qualities of(List<String> headers) {
        var qualities = new Qualities();
        for (var header : headers) {
            for (int from = 0; from < header.length() && qualities.members.size() < MOST; ) {
                int comma = header.indexOf(',', from);
                int end = comma < 0 ? header.length() : comma;
                qualities.add(header.substring(from, end));
                from = end + 1;
            }
        }
        return qualities;
    }

    private void add(String member) {
        int semicolon = member.indexOf(';');
        var value = (semicolon < 0 ? member : member.substring(0, semicolon)).strip();
        int weight = semicolon < 0 ? 1000 : weight(member.substring(semicolon));
        if (!value.isEmpty() && weight >= 0) {
            members.add(new Member(value.toLowerCase(Locale.ROOT), weight));
        }
    }

    /** Of parameters that each begin with a semicolon; -1 if malformed. */
    private static int weight(String parameters) {
        for (var parameter : parameters.split(";", 20)) {
            var text = parameter.strip();
            if (text.length() >= 2 && (text.charAt(0) == 'q' || text.charAt(0) == 'Q') && text.charAt(1) == '=') {
                var number = text.substring(2);
                if (!number.matches("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?")) {
                    return -1;
                }
                return (int) Math.round(Double.parseDouble(number) * 1000);
            }
        }
        return 1000;
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    /** The weight of a media type in thousandths: that of the most exact range that it is in, 0 if it is in none. */
    int ofType(String type) {
        int best = 0;
        int exactness = -1;
        var family = type.substring(0, type.indexOf('/') + 1) + "*";
        for (var member : members) {
            int exact = member.value.equals(type)
                    ? 2
                    : member.value.equals(family) ? 1 : member.value.equals("*/*") ? 0 : -1;
            if (exact > exactness) {
                exactness = exact;
                best = member.thousandths;
            }
        }
        return best;
    }

    /** The weight of a token such as {@code gzip} in thousandths; {@code *} stands for those not named. */
    int ofToken(String token) {
        int star = 0;
        for (var member : members) {
            if (member.value.equals(token)) {
                return member.thousandths;
            } else if (member.value.equals("*")) {
                star = member.thousandths;
            }
        }
        return star;
    }

    /** The type that is preferred, the first of equals; null if none is accepted. */
    @Nullable
    String best(String... types) {
        if (isEmpty()) {
            return types[0];
        }
        String best = null;
        int weight = 0;
        for (var type : types) {
            int its = ofType(type);
            if (its > weight) {
                weight = its;
                best = type;
            }
        }
        return best;
    }
}
