package dev.plinth.cli;

import dev.plinth.auth.StoredHash;
import dev.plinth.secret.DecryptionException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line of {@code plinth}: one method a command. */
@Command(
        name = "plinth",
        description = "Makes, builds and runs services on Plinth, the microservice chassis for Java 25.",
        mixinStandardHelpOptions = true,
        version = "plinth 0.1.0-SNAPSHOT",
        scope = CommandLine.ScopeType.INHERIT,
        usageHelpAutoWidth = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done; for a service that ran: it stopped as it was asked to",
            "1:failed, and standard error says why",
            "64:wrong usage: an unknown option, a bad name, no service in that folder",
            "78:the configuration of the service is wrong"
        })
public final class Plinth {
    private static final List<String> IN_ORDER = List.of(
            "new",
            "run",
            "check",
            "explain",
            "schema",
            "reference",
            "import",
            "openapi",
            "demo",
            "hash",
            "encrypt",
            "decrypt",
            "rotate");
    private static final String[] HELP = {"--help"};

    private final PrintStream out;
    private final Steps steps;
    private final Whisper whisper;
    private final Path home = Path.of(System.getProperty("plinth.home", "."));
    private final Maven maven = new Maven(Path.of(System.getProperty("plinth.maven", "mvn")));
    private final List<String> passedOn;

    private Plinth(Whisper whisper, PrintStream out, PrintStream err, List<String> passedOn) {
        this.whisper = whisper;
        this.out = out;
        this.steps = new Steps(err, Boolean.getBoolean("plinth.terminal"));
        this.passedOn = passedOn;
    }

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(run(Whisper.ofProcess(), System.out, System.err, arguments));
    }

    static int run(Whisper whisper, PrintStream out, PrintStream err, String... arguments) {
        var words = Arrays.asList(arguments);
        var end = words.contains("--") ? words.indexOf("--") : words.size();
        var passedOn = words.subList(Math.min(end + 1, words.size()), words.size());
        var errors = new PrintWriter(err, true, err.charset());
        var own = new Plinth(whisper, out, err, passedOn);
        var plinth = new CommandLine(own)
                .addSubcommand(new KeyCommands(out))
                .addSubcommand(new ImportCommand(out))
                .addSubcommand(new OpenApiCommands(out, (dir, options) -> own.ask(dir, List.of("openapi"), options)))
                .setOut(new PrintWriter(out, true, out.charset()))
                .setErr(errors)
                .setParameterExceptionHandler((e, given) -> {
                    var command = e.getCommandLine().getCommandSpec().qualifiedName();
                    errors.println(command + ": " + e.getMessage());
                    CommandLine.UnmatchedArgumentException.printSuggestions(e, errors);
                    errors.println("Try " + command + " --help");
                    return Failure.USAGE;
                })
                .setExecutionExceptionHandler((e, command, given) -> {
                    if (e instanceof Failure failure) {
                        errors.println(command.getCommandSpec().qualifiedName() + ": " + failure.text());
                        return failure.exitCode();
                    }
                    throw e;
                });
        for (var name : IN_ORDER) {
            plinth.addSubcommand(name, plinth.getCommandSpec().removeSubcommand(name));
        }
        return plinth.execute(words.isEmpty() ? HELP : words.subList(0, end).toArray(String[]::new));
    }

    @Command(name = "new", description = "Writes a new service: a small Maven project that builds and tests as it is.")
    int create(
            @Parameters(
                            paramLabel = "NAME",
                            description = "Lower-case letters, digits and hyphens, beginning with a letter.")
                    String name,
            @Option(
                            names = "--dir",
                            paramLabel = "DIR",
                            description = "Where to put it; must not be there yet. Default: NAME")
                    @Nullable
                    Path dir,
            @Option(names = "--package", paramLabel = "PACKAGE", description = "Its Java package. Default: from NAME")
                    @Nullable
                    String packageName) {
        var service = new ServiceName(name);
        var folder = dir == null ? Path.of(name) : dir;
        new Template(service, packageName == null ? service.packageName() : packageName).writeTo(folder);
        out.println("Wrote the service " + name + " to " + folder + ". Next:");
        out.println("  cd " + folder + " && mvn verify     builds and tests it");
        out.println("  plinth run " + folder + "     builds and runs it");
        return 0;
    }

    @Command(
            name = "run",
            description =
                    "Builds the service where its sources changed, and becomes it: standard output, signals and exit code are"
                            + " the service's own. The first run of a build makes an ahead-of-time cache, so that later ones start fast.",
            footer = "%nWhat stands behind -- goes to the service as it is.")
    int run(
            @Parameters(
                            paramLabel = "DIR",
                            arity = "0..1",
                            defaultValue = ".",
                            description = "The service's folder. Default: this one")
                    Path dir,
            @Mixin ServiceOptions options) {
        var project = new Project(dir);
        var jvm = new ServiceJvm(project.jar(maven, home, steps));
        jvm.train(project.folder(), options.words(), steps);
        return handOver(project, jvm, List.of("run"), options);
    }

    @Command(
            name = "check",
            description =
                    "Checks the service's configuration: tells every mistake with its place, or else the time-outs and"
                            + " limits that hold.")
    int check(
            @Parameters(
                            paramLabel = "FILE",
                            arity = "0..*",
                            description =
                                    "Files to check, each in the place of service.yaml. A folder is the service's")
                    @Nullable
                    List<Path> files,
            @Option(names = "--dir", paramLabel = "DIR", description = "The service's folder. Default: this one")
                    @Nullable
                    Path dir,
            @Mixin ServiceOptions options) {
        var words = new ArrayList<>(List.of("check"));
        var folder = dir;
        for (var file : files == null ? List.<Path>of() : files) {
            if (folder == null && Files.isDirectory(file)) {
                folder = file;
            } else {
                words.add(file.toAbsolutePath().normalize().toString());
            }
        }
        return ask(folder == null ? Path.of(".") : folder, words, options);
    }

    @Command(name = "schema", description = "Prints the JSON Schema of the service's service.yaml, which editors use.")
    int schema(
            @Parameters(
                            paramLabel = "DIR",
                            arity = "0..1",
                            defaultValue = ".",
                            description = "The service's folder. Default: this one")
                    Path dir) {
        return ask(dir, List.of("schema"), new ServiceOptions());
    }

    @Command(
            name = "reference",
            description = "Prints a page of all keys that the service's service.yaml can have, in Markdown.")
    int reference(
            @Parameters(
                            paramLabel = "DIR",
                            arity = "0..1",
                            defaultValue = ".",
                            description = "The service's folder. Default: this one")
                    Path dir) {
        return ask(dir, List.of("reference"), new ServiceOptions());
    }

    @Command(
            name = "explain",
            description =
                    "Tells where the value of a key comes from, and what else was there; without KEY, of all keys.")
    int explain(
            @Parameters(paramLabel = "KEY", arity = "0..1", description = "Such as http.port") @Nullable String key,
            @Option(names = "--all", description = "Of all keys, as without KEY") boolean all,
            @Option(
                            names = "--dir",
                            paramLabel = "DIR",
                            defaultValue = ".",
                            description = "The service's folder. Default: this one")
                    Path dir,
            @Mixin ServiceOptions options) {
        var words = new ArrayList<>(List.of("explain"));
        if (key != null) {
            words.add(key);
        }
        if (all) {
            words.add("--all");
        }
        return ask(dir, words, options);
    }

    @Command(
            name = "demo",
            description =
                    "Writes a new service into a temporary folder, builds and starts it, and shows it at work. It runs on until"
                            + " Ctrl-C; with --check it is stopped, and the exit code tells whether all was as it should be.")
    int demo(
            @Option(names = "--check", description = "Needs no terminal: shows and checks everything, then ends")
                    boolean check,
            @Option(
                            names = "--port",
                            paramLabel = "N",
                            description = "The service's port; 0 takes a free one. Default: 8080, with --check 0")
                    @Nullable
                    Integer port,
            @Option(
                            names = "--admin-port",
                            paramLabel = "N",
                            description = "Its admin port; 0 takes a free one. Default: 8081, with --check 0")
                    @Nullable
                    Integer adminPort,
            @Option(names = "--keep", description = "Leaves the service's folder where it is") boolean keep)
            throws IOException, InterruptedException {
        var freePort = Demo.usable(port != null ? port : check ? 0 : 8080, "--port", "http.port");
        var freeAdminPort = Demo.usable(adminPort != null ? adminPort : check ? 0 : 8081, "--admin-port", "admin.port");
        var tour = new Tour(out, Boolean.getBoolean("plinth.colours"));
        var folder = Files.createTempDirectory("plinth-demo-");
        var demo = new Demo(tour, folder.resolve("orders"), freePort, freeAdminPort);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            demo.close();
            if (!keep) {
                Template.delete(folder);
            }
        }));
        demo.run(maven, home, steps, !check);
        return tour.failed() == 0 ? 0 : Failure.FAILED;
    }

    @Command(
            name = "encrypt",
            description =
                    "Prints the token of a value, for an enc_ key of service.yaml. The value is read from standard"
                            + " input, or asked for where that is a terminal.")
    int encrypt(@Mixin KeyOption option) {
        var fernet = option.fernet();
        out.println(fernet.encrypt(whisper.take("value", true)));
        return 0;
    }

    @Command(
            name = "decrypt",
            description =
                    "Prints the value of a token. The token is read from standard input, or asked for where that is a"
                            + " terminal.")
    int decrypt(@Mixin KeyOption option) {
        var fernet = option.fernet();
        try {
            out.println(fernet.decrypt(whisper.take("token", false).reveal().strip())
                    .reveal());
            return 0;
        } catch (DecryptionException e) {
            throw Failure.failed("the token " + e.getMessage());
        }
    }

    @Command(
            name = "rotate",
            description =
                    "Encrypts every enc_ value of a YAML or JSON file anew with the first key of the key file. All else"
                            + " in it stays as it is, and where one value can't be opened, everything.")
    int rotate(
            @Parameters(paramLabel = "FILE", description = "Such as service.yaml") Path file, @Mixin KeyOption option) {
        var rotation = RotatedFile.rotate(file, option.fernet());
        out.println(file + ": " + (rotation.count() == 1 ? "1 value is" : rotation.count() + " values are")
                + " encrypted with the newest key");
        if (!rotation.left().isEmpty()) {
            out.println("Not in the file, so left as they are: " + String.join(", ", rotation.left()));
        }
        return 0;
    }

    @Command(
            name = "hash",
            description =
                    "Prints the hash of a password, for auth.NAME.users of service.yaml. The password is read from standard"
                            + " input, or asked for where that is a terminal.")
    int hash() {
        out.println(
                StoredHash.ofPassword(whisper.take("password", true).reveal()).text());
        return 0;
    }

    /** A command of the service's own that opens nothing. */
    private int ask(Path dir, List<String> words, ServiceOptions options) {
        var project = new Project(dir);
        return handOver(project, new ServiceJvm(project.jar(maven, home, steps)), words, options);
    }

    private int handOver(Project project, ServiceJvm jvm, List<String> words, ServiceOptions options) {
        var all = new ArrayList<>(words);
        all.addAll(options.words());
        all.addAll(passedOn);
        return Handover.asAsked().to(project.folder(), jvm.command(all));
    }
}
