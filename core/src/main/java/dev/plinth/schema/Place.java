package dev.plinth.schema;

import org.jspecify.annotations.Nullable;

/** A step of the way to a value; the way becomes a JSON Pointer only where something is wrong. */
record Place(@Nullable Place parent, String step) {
    /** The root: {@code prefix} is a JSON Pointer already. */
    static Place root(String prefix) {
        return new Place(null, prefix);
    }

    Place at(Object nameOrIndex) {
        return new Place(this, nameOrIndex.toString());
    }

    String pointer() {
        if (parent == null) {
            return step;
        }
        var escaped = step.indexOf('~') < 0 && step.indexOf('/') < 0
                ? step
                : step.replace("~", "~0").replace("/", "~1");
        return parent.pointer() + "/" + escaped;
    }
}
