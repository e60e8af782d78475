package dev.plinth.config;

import dev.plinth.schema.DidYouMean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The command line of a service. Immutable.
 *
 * @param command what to do
 * @param key what {@code explain} is asked about; empty for everything
 * @param files what {@code check} judges, each in the place of {@code service.yaml}; empty for that one
 * @param config the file of {@code --config}; empty if it was not given
 * @param profiles the names of {@code --profile}; empty if it was not given
 * @param settings each {@code --set}, as {@code key=value}; judged when the configuration is read
 * @param help whether {@code --help} was asked for, and nothing else is to be done
 */
public record Arguments(
        Command command,
        String key,
        List<String> files,
        String config,
        List<String> profiles,
        List<String> settings,
        boolean help) {
    private static final List<String> OPTIONS = List.of("--config", "--profile", "--set", "--all", "--help");

    /** What a service can be told to do. */
    public enum Command {
        /** Serve; the one that is meant when none is named. */
        RUN,
        /** Judge the configuration, tell its time-outs and limits, and exit. */
        CHECK,
        /** Tell where each value comes from and exit. */
        EXPLAIN,
        /** Print the page of all keys and exit. */
        REFERENCE,
        /** Print the JSON Schema of the files and exit. */
        SCHEMA,
        /** Print the document of the routes and exit. */
        OPENAPI
    }

    public Arguments {
        files = List.copyOf(files);
        profiles = List.copyOf(profiles);
        settings = List.copyOf(settings);
    }

    /** Just run. */
    public static Arguments none() {
        return new Arguments(Command.RUN, "", List.of(), "", List.of(), List.of(), false);
    }

    /** The same with {@code file} as {@code --config}. */
    public Arguments withConfig(String file) {
        return new Arguments(command, key, List.of(), file, profiles, settings, help);
    }

    /**
     * Reads {@code [run|check [FILE...]|explain [KEY|--all]|reference|schema|openapi] [--config FILE] [--profile NAME[,NAME]] [--set KEY=VALUE]... [--help]}, where
     * an option's value may also follow {@code =}.
     *
     * @throws UsageException if there is anything else, or an option lacks its value
     */
    public static Arguments parse(String... args) {
        return new Parser(args).parse();
    }

    /** The help text; {@code program} is how the service is started. */
    public static String usage(String program) {
        return """
                Usage: %s [run | check [FILE]... | explain [KEY] | reference | schema | openapi] [OPTION]...

                  run                  serve (what happens without a command)
                  check [FILE]...      judge the configuration, or each FILE in place of service.yaml; tell time-outs and limits
                  explain [KEY]        tell where the value of KEY, or every value (--all), comes from
                  reference            print the page of all keys, in Markdown
                  schema               print the JSON Schema of service.yaml, for editors
                  openapi              print the document of its routes (OpenAPI 3.1), in YAML

                  --config FILE        instead of service.yaml in the working directory (also PLINTH_CONFIG)
                  --profile NAME,...   also service-NAME.yaml beside it (also PLINTH_PROFILE)
                  --set KEY=VALUE      one value, stronger than files and variables; repeatable
                  --help               this text

                Exit codes: 0 stopped in order, 1 a failed start, 64 a wrong command line, 78 a wrong configuration.
                """
                .replace("%s", program);
    }

    /** One command line. */
    private static final class Parser {
        private final String[] args;
        private final List<String> mistakes = new ArrayList<>();
        private final List<String> profiles = new ArrayList<>();
        private final List<String> settings = new ArrayList<>();
        private final List<String> files = new ArrayList<>();
        private @Nullable Command command;
        private String key = "";
        private String config = "";
        private boolean help;
        private boolean all;
        private int at;

        Parser(String[] args) {
            this.args = args;
        }

        Arguments parse() {
            while (at < args.length) {
                var arg = args[at++];
                if (arg.startsWith("-")) {
                    option(arg);
                } else {
                    word(arg);
                }
            }
            if (all && (command != Command.EXPLAIN || !key.isEmpty())) {
                mistakes.add("--all is too much (expected: explain --all, without a key)");
            }
            if (!files.isEmpty() && !config.isEmpty()) {
                mistakes.add("--config is too much beside " + files.getFirst() + " (expected: one of them)");
            }
            if (!mistakes.isEmpty() && !help) {
                throw new UsageException(mistakes);
            }
            return new Arguments(command == null ? Command.RUN : command, key, files, config, profiles, settings, help);
        }

        private void option(String arg) {
            int equals = arg.indexOf('=');
            var name = equals < 0 ? arg : arg.substring(0, equals);
            if (name.equals("--help") || name.equals("-h")) {
                help = true;
                return;
            }
            if (name.equals("--all")) {
                all = true;
                return;
            }
            if (!OPTIONS.contains(name)) {
                var meant = DidYouMean.nearest(name, OPTIONS);
                mistakes.add(
                        "unknown option " + name + (meant.isPresent() ? " (did you mean " + meant.get() + "?)" : ""));
                return;
            }
            String value;
            if (equals >= 0) {
                value = arg.substring(equals + 1);
            } else if (at < args.length && !args[at].startsWith("--")) {
                value = args[at++];
            } else {
                value = "";
            }
            if (value.isEmpty()) {
                mistakes.add(name + " needs a value (expected: " + name
                        + switch (name) {
                            case "--config" -> " FILE)";
                            case "--profile" -> " NAME)";
                            default -> " KEY=VALUE)";
                        });
                return;
            }
            switch (name) {
                case "--config" -> {
                    if (!config.isEmpty()) {
                        mistakes.add("--config is given twice: " + config + " and " + value + " (expected: one)");
                    }
                    config = value;
                }
                case "--profile" -> profiles.addAll(names(value));
                default -> settings.add(value);
            }
        }

        private void word(String arg) {
            if (command == Command.EXPLAIN && key.isEmpty()) {
                key = arg;
                return;
            }
            if (command == Command.CHECK) {
                files.add(arg);
                return;
            }
            if (command != null) {
                mistakes.add("'" + arg + "' is too much (expected: an option, or nothing)");
                return;
            }
            for (var known : Command.values()) {
                if (known.name().toLowerCase(Locale.ROOT).equals(arg)) {
                    command = known;
                    return;
                }
            }
            mistakes.add(
                    "unknown command '" + arg + "' (expected: one of run, check, explain, reference, schema, openapi)");
        }
    }

    /** The parts of {@code text} between commas, without blanks. */
    static List<String> names(String text) {
        var names = new ArrayList<String>();
        for (var name : text.split(",", -1)) {
            if (!name.isBlank()) {
                names.add(name.strip());
            }
        }
        return names;
    }
}
