package dev.plinth.cli.importing;

import dev.plinth.cli.importing.Foreign.Keys;
import org.jspecify.annotations.Nullable;

/** What became of the configuration file of an older system. */
public record Import(String text, String system, int taken, int left) {
    /** The systems whose files can be read. */
    public enum From {
        PYMS("PyMS"),
        SAMBA("samba-chassis"),
        PIP_SERVICES("pip-services");

        private final String title;

        From(String title) {
            this.title = title;
        }
    }

    /**
     * Turns the text of a file into that of a {@code service.yaml}.
     *
     * @param file its name, for the heading
     * @param from the system that it comes from; null to tell it by its shape
     * @throws Refused if it is not of a shape that is known
     */
    public static Import of(String text, String file, @Nullable From from) {
        if (Placeholders.isIn(text)) {
            throw new Refused("it has characters for private use (U+E000), which the import needs for itself");
        }
        var placeholders = new Placeholders();
        var template = from == From.PYMS || from == From.SAMBA ? null : template(text, placeholders);
        var root = Reader.read(template == null ? text : template.text());
        var system = from == null ? recognised(root) : from;
        var draft = new Draft(placeholders, line -> template == null ? "" : template.condition(line));
        switch (system) {
            case PYMS -> Pyms.read(keys(root, system), draft);
            case SAMBA -> Samba.read(keys(root, system), draft);
            case PIP_SERVICES -> {
                if (root == null || !PipServices.fits(root)) {
                    throw new Refused(expected(root));
                }
                PipServices.read(root, draft);
            }
        }
        var heading = "Made of " + file + " (" + system.title + ") by plinth import. Judge it with plinth check.";
        return new Import(draft.text(heading), system.title, draft.taken(), draft.left());
    }

    private static @Nullable Mustache template(String text, Placeholders placeholders) {
        return text.contains("{{") ? Mustache.of(text, placeholders) : null;
    }

    private static Keys keys(@Nullable Foreign root, From from) {
        if (root instanceof Keys keys && (from != From.PYMS || Pyms.fits(keys))) {
            return keys;
        }
        throw new Refused(expected(root));
    }

    private static From recognised(@Nullable Foreign root) {
        if (root instanceof Keys keys && Pyms.fits(keys)) {
            return From.PYMS;
        }
        if (root != null && PipServices.fits(root)) {
            return From.PIP_SERVICES;
        }
        if (root instanceof Keys keys && Samba.fits(keys)) {
            return From.SAMBA;
        }
        throw new Refused(expected(root));
    }

    private static String expected(@Nullable Foreign root) {
        var found =
                switch (root) {
                    case null -> "nothing";
                    case Keys keys ->
                        "the keys " + String.join(", ", keys.members().keySet());
                    case Foreign.Items _ -> "a list";
                    case Foreign.Single _ -> "one value";
                };
        return "it is of no shape that is known. Looked for: pyms: or ms: at the root (PyMS); a list of components with"
                + " descriptor: or type:, or sections such as logs: and services: with a descriptor: in them (pip-services);"
                + " tasks:, circuit_breaker:, or jobs: and project_name:, or Python's logging (samba-chassis). Found: "
                + (found.length() > 200 ? found.substring(0, 200) + "…" : found)
                + ". A file of nothing but keys of its own needs to be told where it is from: --from samba";
    }
}
