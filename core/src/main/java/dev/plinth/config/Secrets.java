package dev.plinth.config;

import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Member;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;
import dev.plinth.secret.Decryptor;
import dev.plinth.secret.KeyFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code secrets}, which is bound before all others since they may need it: so nothing in it can be encrypted
 * or come from a folder that it names. One reading each.
 */
final class Secrets {
    private static final String SECTION = "secrets";

    private final Known root;
    private final Mapping tree;
    private final Sources sources;
    private final Layers files;
    private final Problems problems;
    private final Layout layout;
    private final @Nullable Member section;
    private final List<ConfigProblem> warnings = new ArrayList<>();

    /**
     * For one reading.
     *
     * @param tree of all sources but the mounted folders
     */
    Secrets(Known root, Layout layout, Mapping tree, Sources sources, Layers files, Problems problems) {
        this.root = root;
        this.layout = layout;
        this.tree = tree;
        this.sources = sources;
        this.files = files;
        this.problems = problems;
        this.section = tree.members().get(SECTION);
        if (section != null) {
            refuseEncrypted(section.value(), SECTION);
        }
    }

    /** What the section says; what is wrong with it is told when it is bound again with the others. */
    private Sections.@Nullable Part part() {
        var scratch = new Problems();
        var hidden = new Hidden(() -> null, sources.directory(), files.looked(), scratch);
        var interpolation = new Interpolation(tree, root, sources.environment(), scratch, hidden);
        var binder = new Binder(interpolation, root, sources.directory(), files.file(), scratch, new HashMap<>());
        return new Sections(root, binder, scratch)
                .part(Objects.requireNonNull(layout.sections().get(SECTION)), section, SECTION);
    }

    private void refuseEncrypted(Node node, String key) {
        if (node instanceof Scalar scalar && scalar.encrypted()) {
            problems.add(key, "can't be encrypted: it says how values are decrypted", node.origin());
        } else if (node instanceof Mapping mapping) {
            for (var member : mapping.members().entrySet()) {
                if (!member.getKey().equals(Choice.OfBackend.KEY)) { // of which the binder tells it
                    refuseEncrypted(member.getValue().value(), key + "." + member.getKey());
                }
            }
        } else if (node instanceof Sequence sequence) {
            sequence.items().forEach(item -> refuseEncrypted(item, key));
        }
    }

    /** The tree of the mounted folders. */
    Mapping mounted() {
        var part = section == null ? null : part();
        var config = part == null ? null : (SecretsConfig) part.record();
        if (config == null || config.from().isEmpty()) {
            return Mapping.EMPTY;
        }
        var entries = new SecretFolders(tree, files.looked(), problems).read(config.from());
        var overrides = Overrides.files(root, entries, problems);
        overrides.place(tree);
        overrides.tellStrange(tree);
        return overrides.tree();
    }

    /** What opens tokens and files for this reading. */
    Hidden hidden() {
        return new Hidden(this::open, sources.directory(), files.looked(), problems);
    }

    private @Nullable Decryptor open() {
        var part = part();
        var chosen = part == null ? null : part.chosen();
        if (chosen == null) {
            return null;
        }
        if (chosen.backend() instanceof FernetBackend) {
            var key = KeyFile.find(sources.environment(), sources.directory());
            files.looked().add(key.path());
            if (key.isOpenToOthers()) {
                warnings.add(new ConfigProblem(
                        "",
                        "the key " + key.path() + " can be read by every user of this machine (expected: mode 0600)",
                        Origin.DEFAULT));
            }
        }
        return ((DecryptionBackend) chosen.backend()).open(chosen.settings(), sources);
    }

    /** What is no mistake, but dangerous. */
    List<ConfigProblem> warnings() {
        return List.copyOf(warnings);
    }
}
