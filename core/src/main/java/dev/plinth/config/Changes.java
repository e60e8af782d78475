package dev.plinth.config;

import dev.plinth.config.Sections.Part;
import dev.plinth.schema.Live;
import dev.plinth.schema.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How the values that a service runs with differ from those that its sources say now. One thread at a time. */
final class Changes {
    private final Map<String, Object> live = new LinkedHashMap<>();
    private final List<String> fixed = new ArrayList<>();

    /** What is held as {@link Live} and differs: its key, and the new value. */
    Map<String, Object> live() {
        return live;
    }

    /** The keys of all else that differs. */
    List<String> fixed() {
        return fixed;
    }

    /** Notes what differs at {@code key} and below it. */
    void compare(@Nullable Object old, @Nullable Object now, String key) {
        if (old instanceof Live<?> before && now instanceof Live<?> after) {
            if (differ(before.get(), after.get())) {
                live.put(key, after.get());
            }
        } else if (old instanceof Part before && now instanceof Part after) {
            parts(before, after, key);
        } else if (old instanceof Record before
                && now instanceof Record after
                && before.getClass() == after.getClass()) {
            records(before, after, key);
        } else if (old instanceof Map<?, ?> before && now instanceof Map<?, ?> after) {
            maps(before, after, key);
        } else if (old instanceof List<?> before && now instanceof List<?> after && before.size() == after.size()) {
            for (int i = 0; i < before.size(); i++) {
                compare(before.get(i), after.get(i), below(key, Integer.toString(i)));
            }
        } else if (old instanceof Optional<?> before
                && now instanceof Optional<?> after
                && before.isPresent()
                && after.isPresent()) {
            compare(before.get(), after.get(), key);
        } else if (old instanceof Pattern before && now instanceof Pattern after) {
            if (!before.pattern().equals(after.pattern())) {
                fixed.add(key);
            }
        } else if (!Objects.deepEquals(old, now)) {
            fixed.add(key);
        }
    }

    private static boolean differ(Object old, Object now) {
        var inside = new Changes();
        inside.compare(old, now, "");
        return !inside.live.isEmpty() || !inside.fixed.isEmpty();
    }

    private void parts(Part old, Part now, String key) {
        compare(old.record(), now.record(), key);
        var before = old.chosen();
        var after = now.chosen();
        if (before != null && after != null) {
            if (before.backend().name().equals(after.backend().name())) {
                compare(before.settings(), after.settings(), key);
            } else {
                fixed.add(below(key, Choice.OfBackend.KEY));
            }
        }
    }

    private void records(Record old, Record now, String key) {
        var schema = Schema.of(old.getClass());
        var before = schema.values(old);
        var after = schema.values(now);
        for (int i = 0; i < before.length; i++) {
            compare(before[i], after[i], below(key, schema.properties().get(i).key()));
        }
    }

    private void maps(Map<?, ?> old, Map<?, ?> now, String key) {
        var names = new TreeSet<String>();
        var before = byText(old, names);
        var after = byText(now, names);
        for (var name : names) {
            compare(before.get(name), after.get(name), below(key, name));
        }
    }

    private static Map<String, Object> byText(Map<?, ?> map, Set<String> names) {
        var texts = new LinkedHashMap<String, Object>();
        for (var entry : map.entrySet()) {
            texts.put(entry.getKey().toString(), entry.getValue());
        }
        names.addAll(texts.keySet());
        return texts;
    }

    private static String below(String key, String name) {
        return key.isEmpty() ? name : key + "." + name;
    }
}
