package dev.plinth.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the JSON formats have in common: fields from outside get names that are unique in their line. A key that the
 * format uses itself, or that came before, gets an underscore behind it, and as many more as it takes.
 */
final class Members {
    private final Set<String> reserved;
    private final List<String> used = new ArrayList<>();

    /** {@code reserved} are the names that the format keeps for itself, in this line or in others. */
    Members(Set<String> reserved) {
        this.reserved = reserved;
    }

    /** {@code ,"name":} ready for {@link Lines#raw(byte[])}; the first of an object begins with a brace instead. */
    static byte[] name(String before, String name) {
        return (before + '"' + name + "\":").getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] name(String name) {
        return name(",", name);
    }

    /** Appends the record's fields, each with a comma before it. */
    void fields(LogRecord record, Lines out) {
        var fields = record.fields();
        if (fields.isEmpty()) {
            return;
        }
        used.clear();
        for (var i = 0; i < fields.size(); i++) {
            var field = fields.get(i);
            var name = field.key();
            while (reserved.contains(name) || used.contains(name)) {
                name += "_";
            }
            used.add(name);
            out.raw(',').string(name).raw(':').value(field.value());
        }
    }

    /** Appends {@code lines} as an array of strings. */
    static void array(List<String> lines, Lines out) {
        out.raw('[');
        for (var i = 0; i < lines.size(); i++) {
            if (i > 0) {
                out.raw(',');
            }
            out.string(lines.get(i));
        }
        out.raw(']');
    }

    static String function(StackTraceElement caller) {
        return caller.getClassName() + "." + caller.getMethodName();
    }

    static String file(StackTraceElement caller) {
        var file = caller.getFileName();
        return file == null ? "" : file;
    }
}
