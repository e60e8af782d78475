package dev.plinth.config;

import dev.plinth.config.Known.Kind;
import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Sequence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells the keys of one source that no record knows. A key beside a choice is right if it belongs to what is chosen in
 * the end, or to what was chosen as far as this source knew. One source each.
 */
final class UnknownKeys {
    private final Known root;
    private final List<String> optional;
    private final Problems problems;
    private final List<String> names = new ArrayList<>();

    UnknownKeys(Known root, List<String> optional, Problems problems) {
        this.root = root;
        this.optional = optional;
        this.problems = problems;
    }

    /**
     * Judges the source.
     *
     * @param soFar its tree over those of the weaker sources
     * @param whole the tree of all sources
     */
    void judge(Mapping source, Mapping soFar, Mapping whole) {
        judge(root, source, soFar, whole);
    }

    private void judge(Known place, Node node, @Nullable Node soFar, @Nullable Node whole) {
        var inTheEnd = place.at(whole);
        var then = place.choice() == null ? inTheEnd : place.at(soFar);
        if (node instanceof Sequence sequence && place.kind() == Kind.LIST) {
            for (int i = 0; i < sequence.items().size(); i++) {
                var item = sequence.items().get(i);
                names.add(Integer.toString(i));
                judge(place.element(), item, item, item);
                names.removeLast();
            }
        } else if (node instanceof Mapping mapping && (then.kind() == Kind.RECORD || then.kind() == Kind.MAP)) {
            boolean open = then.isOpen() || inTheEnd.isOpen();
            for (var member : mapping.members().entrySet()) {
                var name = member.getKey();
                if (then.isFree() && name.startsWith("x-")) {
                    continue;
                }
                var child = inTheEnd.child(name);
                child = child == null ? then.child(name) : child;
                names.add(name);
                if (child != null) {
                    judge(child, member.getValue().value(), below(soFar, name), below(whole, name));
                } else if (!open && !Overrides.isBelow(String.join(".", names), optional)) {
                    tell(
                            place.chosen(soFar) == null ? inTheEnd : then,
                            member.getValue().key());
                }
                names.removeLast();
            }
        }
    }

    private static @Nullable Node below(@Nullable Node node, String name) {
        return node instanceof Mapping mapping ? mapping.get(name) : null;
    }

    private void tell(Known parent, Origin key) {
        var parents = names.subList(0, names.size() - 1);
        problems.add(String.join(".", names), root.unknown(parents, parent, names.getLast()), key);
    }
}
