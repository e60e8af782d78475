package dev.plinth.config;

import dev.plinth.config.Booted.From;
import dev.plinth.config.Node.Mapping;
import dev.plinth.remote.RemoteException;
import dev.plinth.time.Time;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The remote tree of one reading, and where it came from. The section {@code boot} is bound before all others, from the
 * local sources alone: what a store says can't send anybody to another store. Immutable.
 *
 * @param chosen which store
 * @param config the keys that hold for every store
 * @param document what was read; null if nothing was
 * @param warning what is no mistake, but must be known; null if there is nothing
 */
record Boot(
        Chosen<BootBackend> chosen,
        BootConfig config,
        @Nullable BootDocument document,
        Booted booted,
        @Nullable ConfigProblem warning) {
    private static final String SECTION = "boot";
    private static final String VARIABLE = "PLINTH_BOOT_";

    /**
     * Adds the remote tree to {@code files}, stronger than all of them.
     *
     * @param fallBack whether the last good copy may take its place; not where a service runs on better values already
     * @return null if none is configured
     * @throws ConfigException if the section is wrong: with that alone, since the rest would be judged by half of the tree
     * @throws BootException if there has to be one, and it can't be read
     */
    static @Nullable Boot read(
            Layers files, Sources sources, Layout layout, Problems problems, Time time, boolean fallBack) {
        var chosen = isNamed(files, sources, layout) ? bound(files, sources, layout, problems) : null;
        if (chosen == null) {
            return null;
        }
        var config = (BootConfig) Objects.requireNonNull(chosen.part.record());
        var backend = new Chosen<>(
                (BootBackend) Objects.requireNonNull(chosen.part.chosen()).backend(),
                chosen.part.chosen().settings());
        if (backend.backend().name().equals(NoBoot.NAME)) {
            return null;
        }
        Boot boot;
        try (var source = open(backend, config, time, chosen.origin)) {
            boot = read(source, backend, config, fallBack, chosen.origin, new BootCopy(config.copy()));
        }
        if (boot.document != null) {
            files.add(boot.document.content(), Origin.remote(boot.booted.place()));
        }
        return boot;
    }

    /** Most services have no such section, and pay nothing for it. */
    private static boolean isNamed(Layers files, Sources sources, Layout layout) {
        var section = layout.sections().get(SECTION);
        if (section == null || section.backends() == null || section.backends().kind() != BootBackend.class) {
            return false;
        }
        for (var tree : files.trees()) {
            if (tree.members().containsKey(SECTION)) {
                return true;
            }
        }
        return sources.environment().keySet().stream().anyMatch(name -> name.startsWith(VARIABLE))
                || sources.arguments().settings().stream().anyMatch(each -> each.startsWith(SECTION + "."));
    }

    /** The section, and where it was written. */
    private record Bound(Sections.Part part, Origin origin) {}

    private static Bound bound(Layers files, Sources sources, Layout layout, Problems problems) {
        var local = new Problems();
        var trees = Trees.of(files, sources, layout, local, new Problems());
        var optional = Overrides.optional(trees.tree());
        for (int i = 0; i < trees.layers().size(); i++) {
            new UnknownKeys(trees.root(), optional, local)
                    .judge(trees.written().get(i), trees.merged().get(i), trees.tree());
        }
        var member = trees.tree().members().get(SECTION);
        Sections.Part part;
        try (var hidden = trees.secrets().hidden()) {
            var interpolation = new Interpolation(trees.tree(), trees.root(), sources.environment(), local, hidden);
            var binder =
                    new Binder(interpolation, trees.root(), sources.directory(), files.file(), local, new HashMap<>());
            part = new Sections(trees.root(), binder, local)
                    .part(Objects.requireNonNull(layout.sections().get(SECTION)), member, SECTION);
        }
        for (var problem : local.sorted(files.names())) {
            if (problem.key().equals(SECTION)
                    || problem.key().startsWith(SECTION + ".")
                    || problem.key().startsWith(VARIABLE)) {
                problems.add(problem);
            }
        }
        problems.check(files.names());
        if (part == null) {
            local.check(files.names());
        }
        return new Bound(Objects.requireNonNull(part), member == null ? Origin.DEFAULT : member.key());
    }

    private static BootSource open(Chosen<BootBackend> chosen, BootConfig config, Time time, Origin origin) {
        try {
            return chosen.backend().open(chosen.settings(), config, time);
        } catch (IllegalArgumentException wrong) { // such as a certificate that is none
            var message = String.valueOf(wrong.getMessage());
            throw new ConfigException(List.of(new ConfigProblem(SECTION, message, origin)));
        }
    }

    private static Boot read(
            BootSource source,
            Chosen<BootBackend> chosen,
            BootConfig config,
            boolean fallBack,
            Origin origin,
            BootCopy copy) {
        try {
            var document = source.read();
            return new Boot(
                    chosen,
                    config,
                    document,
                    new Booted(source.describe(), source.name(), From.SOURCE, source.name(), ""),
                    null);
        } catch (RemoteException failed) {
            if (config.required() || !fallBack) {
                throw new BootException(refusal(failed, config, origin), failed);
            }
            return instead(source, chosen, config, origin, copy, String.join("; ", told(failed)));
        }
    }

    private static Boot instead(
            BootSource source,
            Chosen<BootBackend> chosen,
            BootConfig config,
            Origin origin,
            BootCopy copy,
            String trouble) {
        var begin = "the remote configuration can't be read (" + trouble + ")";
        try {
            var document = copy.read(source.name());
            var warning = begin + ": the last good copy holds, " + copy.describe();
            return new Boot(
                    chosen,
                    config,
                    document,
                    new Booted(source.describe(), source.name(), From.COPY, copy.toString(), trouble),
                    new ConfigProblem(SECTION, warning, origin));
        } catch (IOException none) {
            var why = copy + ": " + (none.getMessage() == null ? none.toString() : none.getMessage());
            var warning = begin + ", and there is no good copy of it (" + why
                    + "): the service runs on its local configuration alone";
            return new Boot(
                    chosen,
                    config,
                    null,
                    new Booted(source.describe(), source.name(), From.NOWHERE, "", trouble + "; " + why),
                    new ConfigProblem(SECTION, warning, origin));
        }
    }

    /** One text for each address that was asked. */
    private static List<String> told(RemoteException failed) {
        var told = new ArrayList<String>();
        for (var earlier : failed.getSuppressed()) {
            told.add(String.valueOf(earlier.getMessage()));
        }
        told.add(String.valueOf(failed.getMessage()));
        return told;
    }

    private static String refusal(RemoteException failed, BootConfig config, Origin origin) {
        var text = new StringBuilder("The remote configuration can't be read:");
        for (var each : told(failed)) {
            text.append("\n  ").append(new ConfigProblem(SECTION, each, origin));
        }
        return text.append("\nStart the store, or correct the section boot.")
                .append(
                        config.required()
                                ? " With boot.required: false the service would start on the last good copy, or without."
                                : "")
                .toString();
    }

    void warn(Problems warnings) {
        if (warning != null) {
            warnings.add(warning);
        }
    }

    /** Takes the section out of the remote tree, which has been read, and tells it. */
    void refuseOwnSection(Layers files, Problems problems) {
        // A document that can't be parsed has no tree, and the last one is a local file's.
        boolean read = document != null
                && !files.trees().isEmpty()
                && files.trees().getLast().origin().kind() == Origin.Kind.REMOTE;
        var tree = read ? files.trees().getLast() : Mapping.EMPTY;
        var own = tree.members().get(SECTION);
        if (own != null) {
            var rest = new LinkedHashMap<>(tree.members());
            rest.remove(SECTION);
            files.trees().set(files.trees().size() - 1, new Mapping(rest, tree.origin()));
            problems.add(
                    SECTION,
                    "it says where this document is read from, so it can't stand in it (expected: in a local file, a"
                            + " variable, or --set)",
                    own.key());
        }
    }
}
