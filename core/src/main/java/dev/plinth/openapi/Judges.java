package dev.plinth.openapi;

import dev.plinth.config.Node;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The judges of one document, each made when it is first asked for. Thread-safe. */
final class Judges {
    private final Node root;
    private final IdentityHashMap<Node, Judge> bySchema = new IdentityHashMap<>();
    private final Map<String, Judge> byRef = new ConcurrentHashMap<>();

    Judges(Node root) {
        this.root = root;
    }

    Judge of(Node schema) {
        synchronized (bySchema) {
            var known = bySchema.get(schema);
            if (known == null) {
                known = new Judge(schema, this);
                bySchema.put(schema, known);
            }
            return known;
        }
    }

    /** What a reference leads to, however many there are in a row; the node itself where it is none. */
    @Nullable
    Node resolved(@Nullable Node node) {
        var at = node;
        for (int steps = 0; steps < 20 && at != null; steps++) {
            var ref = Trees.text(at, "$ref");
            if (ref == null) {
                return at;
            }
            at = Document.find(root, ref);
        }
        return at;
    }

    /** @throws IllegalStateException if nothing is there, which the reading of the document has refused before */
    Judge of(String ref) {
        var known = byRef.get(ref);
        if (known == null) {
            var schema = Document.find(root, ref);
            if (schema == null) {
                throw new IllegalStateException(ref + " leads nowhere");
            }
            known = of(schema);
            byRef.put(ref, known);
        }
        return known;
    }
}
