package dev.plinth.log;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Copies the values of a log call into what no longer changes, so that another thread can write them later: texts,
 * numbers, booleans, and lists and maps of such. Records go by their {@code toString}, since that may be there to hide
 * something. One copier serves one line, and has a limited room for it. Never throws.
 */
final class Values {
    static final int MAX_TEXT = 32_768;

    private static final int MAX_DEPTH = 8;
    private static final int MAX_BITS = 1024;

    private int room = MAX_TEXT;

    LogRecord.Field field(@Nullable String key, @Nullable Object value) {
        var name = text(key);
        try {
            return new LogRecord.Field(name, copy(value, 0));
        } catch (Throwable broken) {
            // It is the caller's own toString or collection that failed: no reason to lose the line.
            return new LogRecord.Field(name, "[unreadable: " + broken.getClass().getName() + "]");
        }
    }

    /** {@code text}, or its first {@code max} characters and a note. Never cuts a surrogate pair in two. */
    static String cut(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        var end = max > 0 && Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : Math.max(0, max);
        return text.substring(0, end) + "... [cut: " + text.length() + " characters]";
    }

    /** About how many bytes a copied value holds. */
    static int weight(@Nullable Object copied) {
        var weight = 32;
        if (copied instanceof String text) {
            weight += text.length();
        } else if (copied instanceof List<?> list) {
            for (var element : list) {
                weight += weight(element);
            }
        } else if (copied instanceof Map<?, ?> map) {
            for (var entry : map.entrySet()) {
                weight += weight(entry.getKey()) + weight(entry.getValue());
            }
        }
        return weight;
    }

    // Chains of instanceof and no switch: the first pattern switch of a process costs it milliseconds.
    private @Nullable Object copy(@Nullable Object value, int depth) {
        if (value == null || value instanceof Boolean) {
            return value;
        } else if (value instanceof String text) {
            return text(text);
        } else if (value instanceof Number number) {
            return number(number);
        } else if (value instanceof Enum<?> constant) {
            return text(constant.name());
        } else if (value instanceof Optional<?> optional) {
            return copy(optional.orElse(null), depth);
        } else if (depth == MAX_DEPTH || room <= 0) {
            return text(value.toString());
        } else if (value instanceof Map<?, ?> map) {
            return map(map, depth);
        } else if (value instanceof Collection<?> collection) {
            return list(collection, depth);
        } else if (value instanceof byte[] bytes) {
            return bytes.length + " bytes";
        } else if (value.getClass().isArray()) {
            return array(value, depth);
        }
        return text(value.toString());
    }

    private String text(@Nullable String text) {
        var cut = cut(text == null ? "null" : text, room);
        room -= cut.length();
        return cut;
    }

    /** JSON has no NaN and no infinity; a number of a foreign class may change later, or print anything. */
    private Object number(Number number) {
        room -= 8;
        if (number instanceof Integer || number instanceof Long || number instanceof Short || number instanceof Byte) {
            return number;
        } else if (number instanceof Double || number instanceof Float) {
            return Double.isFinite(number.doubleValue()) ? number : number.toString();
        } else if (number instanceof AtomicInteger || number instanceof AtomicLong || number instanceof LongAdder) {
            return number.longValue();
        } else if (number.getClass() == BigDecimal.class
                && ((BigDecimal) number).unscaledValue().bitLength() < MAX_BITS) {
            return number;
        } else if (number.getClass() == BigInteger.class && ((BigInteger) number).bitLength() < MAX_BITS) {
            return number;
        }
        return text(number.toString());
    }

    private Object map(Map<?, ?> map, int depth) {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        for (var entry : map.entrySet()) {
            if (room <= 0) {
                copy.put("...", "[cut]");
                break;
            }
            copy.put(text(String.valueOf(entry.getKey())), copy(entry.getValue(), depth + 1));
        }
        return Collections.unmodifiableMap(copy);
    }

    private Object list(Collection<?> collection, int depth) {
        var copy = new ArrayList<@Nullable Object>();
        for (var element : collection) {
            if (!add(copy, element, depth)) {
                break;
            }
        }
        return Collections.unmodifiableList(copy);
    }

    private Object array(Object array, int depth) {
        var copy = new ArrayList<@Nullable Object>();
        for (var i = 0; i < Array.getLength(array); i++) {
            if (!add(copy, Array.get(array, i), depth)) {
                break;
            }
        }
        return Collections.unmodifiableList(copy);
    }

    private boolean add(List<@Nullable Object> copy, @Nullable Object element, int depth) {
        if (room <= 0) {
            copy.add("... [cut]");
            return false;
        }
        room--;
        copy.add(copy(element, depth + 1));
        return true;
    }
}
