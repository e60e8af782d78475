package dev.plinth.config;

import dev.plinth.config.Known.Kind;
import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Member;
import dev.plinth.config.Node.Sequence;
import dev.plinth.schema.FormerKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives what a source has under former keys their present ones, and tells what was removed or is obsolete. So nobody
 * behind it sees any but present keys. One thread at a time.
 */
@SuppressWarnings("ReferenceEquality") // whether a part is the very same, which is cheap
final class FormerKeys {
    private final Known root;
    private final Problems problems;
    private final Problems warnings;
    // Of the sources so far, for what they choose.
    private Mapping before = Mapping.EMPTY;

    FormerKeys(Known root, Problems problems, Problems warnings) {
        this.root = root;
        this.problems = problems;
        this.warnings = warnings;
    }

    /** The tree of a source, of which the weaker ones came before, with present keys. */
    Mapping renamed(Mapping source) {
        var renamed = members(root, source, before, "");
        before = renamed.over(before, root);
        return renamed;
    }

    private Node renamed(Known place, Node node, @Nullable Node weaker, String path) {
        var at = place.at(place.chosen(node) == null ? weaker : node);
        if (node instanceof Sequence sequence && at.kind() == Kind.LIST) {
            var items = new ArrayList<Node>(sequence.items().size());
            boolean same = true;
            for (int i = 0; i < sequence.items().size(); i++) {
                var item = sequence.items().get(i);
                var now = renamed(at.element(), item, null, below(path, Integer.toString(i)));
                same &= now == item;
                items.add(now);
            }
            return same ? node : new Sequence(List.copyOf(items), sequence.origin());
        }
        return node instanceof Mapping mapping && (at.kind() == Kind.RECORD || at.kind() == Kind.MAP)
                ? members(at, mapping, weaker, path)
                : node;
    }

    private Mapping members(Known at, Mapping mapping, @Nullable Node weaker, String path) {
        var members = new LinkedHashMap<String, Member>();
        boolean same = true;
        for (var entry : mapping.members().entrySet()) {
            var name = entry.getKey();
            var member = entry.getValue();
            var former = at.formerKeys().get(Encrypted.plain(name));
            if (former != null) {
                same = false;
                var present = present(former, mapping, members, path, member.key());
                if (present == null) {
                    continue;
                }
                name = Encrypted.isPrefixed(name) ? "enc_" + present : present;
            }
            var child = at.isFree() && name.startsWith("x-") ? null : at.child(name);
            if (child != null) {
                var key = below(path, name);
                var property = child.property();
                if (property != null && property.obsolete() != null && at.kind() == Kind.RECORD) {
                    warnings.add(key, property.obsolete(), member.key());
                }
                var inside = renamed(child, member.value(), weaker instanceof Mapping m ? m.get(name) : null, key);
                if (inside != member.value()) {
                    same = false;
                    member = new Member(member.key(), inside);
                }
            }
            members.put(name, member);
        }
        return same ? mapping : new Mapping(members, mapping.origin());
    }

    /** The key that has taken the place of a former one; null if none has, or if it is given as well. */
    private @Nullable String present(
            FormerKey former, Mapping mapping, Map<String, Member> members, String path, Origin origin) {
        var key = below(path, former.key());
        var since = former.since().isEmpty() ? "" : " in " + former.since();
        var now = former.now() == null ? null : former.now().key();
        if (now == null) {
            problems.add(key, "removed" + since + ". " + former.reason(), origin);
            return null;
        }
        if (has(mapping.members(), now) || has(members, now)) {
            problems.add(
                    key, "renamed to " + below(path, now) + since + ", which is given too. Take this one out.", origin);
            return null;
        }
        warnings.add(key, "renamed to " + below(path, now) + since + ". The old name will go.", origin);
        return now;
    }

    private static boolean has(Map<String, Member> members, String name) {
        return members.containsKey(name) || members.containsKey("enc_" + name) || members.containsKey("enc-" + name);
    }

    private static String below(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
