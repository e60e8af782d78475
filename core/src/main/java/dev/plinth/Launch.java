package dev.plinth;

import dev.plinth.config.Arguments;
import dev.plinth.config.BootException;
import dev.plinth.config.Config;
import dev.plinth.config.ConfigException;
import dev.plinth.config.Sources;
import dev.plinth.config.UsageException;
import dev.plinth.lifecycle.Lifecycle;
import dev.plinth.time.Time;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A service that has not started: what {@link Service#of} takes from a {@code main}, for tests to start with whatever is
 * to be different. One thread at a time; it can be started several times.
 */
public final class Launch {
    /** Bound while {@link #of(Service.Main)} runs a {@code main} to learn what it would run. */
    private static final ScopedValue<AtomicReference<@Nullable Launch>> LEARNING = ScopedValue.newInstance();

    private final String name;
    private final @Nullable Class<? extends Record> settings;
    private final Composer compose;
    private final Class<?> anchor;
    private final List<String> overrides = new ArrayList<>();
    private Map<String, String> environment = System.getenv();
    private Path directory = Path.of("");
    private Time time = Time.system();
    private final Map<String, Service> neighbours = new HashMap<>();

    Launch(String name, Service.Compose compose) {
        this.name = checked(name);
        this.settings = null;
        this.compose = (service, _) -> compose.compose(service);
        this.anchor = compose.getClass();
    }

    <S extends Record> Launch(String name, Class<S> settings, Service.ComposeWith<S> compose) {
        this.name = checked(name);
        this.settings = settings;
        this.compose = (service, bound) -> compose.compose(service, settings.cast(Objects.requireNonNull(bound)));
        this.anchor = settings;
    }

    /** Either form of compose. */
    @FunctionalInterface
    private interface Composer {
        void compose(Service service, @Nullable Record settings) throws Exception;
    }

    private static String checked(String name) {
        if (!name.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*") || name.length() > 63) {
            throw new IllegalArgumentException("service name '" + name
                    + "' (expected: lower-case letters, digits and single hyphens, at most 63, such as order-desk)");
        }
        return name;
    }

    static Launch of(Service.Main main) {
        var learned = new AtomicReference<@Nullable Launch>();
        try {
            ScopedValue.where(LEARNING, learned).call(() -> {
                main.main(new String[0]);
                return true;
            });
        } catch (Exception failed) {
            throw new IllegalArgumentException(
                    "main failed before it called Service.run: " + failed.getMessage(), failed);
        }
        var launch = learned.get();
        if (launch == null) {
            throw new IllegalArgumentException("main returned without a call of Service.run");
        }
        return launch;
    }

    /** Sets a value as {@code --set} does: {@code http.port=0}; the last one of a key wins. */
    public Launch set(String keyAndValue) {
        var key = keyAndValue.substring(0, keyAndValue.indexOf('=') + 1);
        overrides.removeIf(earlier -> !key.isEmpty() && earlier.startsWith(key));
        overrides.add(keyAndValue);
        return this;
    }

    /** Reads these variables and not the process's. */
    public Launch environment(Map<String, String> variables) {
        environment = variables;
        return this;
    }

    /** Looks for {@code service.yaml} there and not in the working directory. */
    public Launch directory(Path newDirectory) {
        directory = newDirectory;
        return this;
    }

    /** Runs on that clock, sleeper and source of chance. */
    public Launch time(Time newTime) {
        time = newTime;
        return this;
    }

    /**
     * Has the clients of that name call a service of this process directly, without a socket between: for tests, and for
     * several services in one process. Deadline, trace and problems are as over the wire.
     */
    public Launch direct(String client, Service target) {
        neighbours.put(client, target);
        return this;
    }

    /**
     * Starts it; when this returns it is ready.
     *
     * @throws ConfigException if the configuration is wrong, with all that is
     * @throws BootException if a remote tree of it has to be there and can't be read
     * @throws Lifecycle.StartFailed if a component could not open
     */
    public Service start() {
        return start(arguments(List.of()));
    }

    private Arguments arguments(List<String> args) {
        var all = new ArrayList<>(args);
        for (var override : overrides) {
            all.add("--set");
            all.add(override);
        }
        return Arguments.parse(all.toArray(String[]::new));
    }

    private Service start(Arguments arguments) {
        var service = compose(bind(arguments));
        service.start();
        return service;
    }

    private Bound bind(Arguments arguments) {
        return Bound.of(sources(arguments), settings, time);
    }

    private Sources sources(Arguments arguments) {
        return new Sources(arguments, environment, directory, anchor.getClassLoader());
    }

    private Service compose(Bound bound) {
        var service = new Service(name, Build.of(name, anchor), bound, time, Map.copyOf(neighbours));
        try {
            compose.compose(service, bound.settings());
            return service;
        } catch (Exception | LinkageError failed) {
            service.abandon();
            throw failed instanceof ConfigException config
                    ? config
                    : new IllegalStateException("compose failed: " + failed.getMessage(), failed);
        }
    }

    // ---- as a process ----------------------------------------------------------------------------------------------

    void run(String[] args) {
        if (LEARNING.isBound()) {
            LEARNING.get().set(this);
            return;
        }
        int exit = process(args, System.out, System.err);
        if (exit != 0) {
            System.exit(exit);
        }
    }

    int process(String[] args, PrintStream out, PrintStream err) {
        try {
            if (args.length > 0 && args[0].equals("train")) {
                return train(List.of(args).subList(1, args.length));
            }
            var arguments = arguments(List.of(args));
            if (arguments.help()) {
                out.print(Arguments.usage("java -jar " + name + ".jar"));
                return 0;
            }
            return switch (arguments.command()) {
                case RUN -> serve(arguments);
                case CHECK -> check(arguments, out, err);
                case EXPLAIN -> explain(arguments, out);
                case REFERENCE -> print(Bound.layout(settings).reference(anchor.getClassLoader()), out);
                case SCHEMA -> print(schema(), out);
                case OPENAPI -> print(openApi(arguments), out);
            };
        } catch (UsageException wrong) {
            err.println(wrong.getMessage());
            return wrong.exitCode();
        } catch (ConfigException wrong) {
            err.println(wrong.getMessage());
            return wrong.exitCode();
        } catch (BootException unreadable) {
            err.println(unreadable.getMessage());
            return unreadable.exitCode();
        } catch (Lifecycle.StartFailed failed) {
            err.println(name + " could not start: " + failed.getMessage());
            for (var suppressed : failed.getSuppressed()) {
                err.println("and on the way back: " + suppressed);
            }
            // What the system refuses, such as a port, is told by its text; what a program did wrong, by its stack.
            if (!(failed.getCause() instanceof IOException)) {
                failed.printStackTrace(err);
            }
            return 1;
        } catch (RuntimeException failed) {
            err.println(name + " could not start: " + failed.getMessage());
            failed.printStackTrace(err);
            return 1;
        }
    }

    /** Composes as well, since a client that nobody asks for, or routes that clash, are mistakes too; opens nothing. */
    private int check(Arguments arguments, PrintStream out, PrintStream err) {
        if (arguments.files().isEmpty()) {
            check(arguments, name, out, err);
            return 0;
        }
        int exit = 0;
        for (var file : arguments.files()) {
            try {
                check(arguments.withConfig(file), file, out, err);
            } catch (ConfigException wrong) {
                err.println(wrong.getMessage());
                exit = wrong.exitCode();
            } catch (BootException unreadable) {
                err.println(unreadable.getMessage());
                exit = Math.max(exit, unreadable.exitCode());
            }
        }
        return exit;
    }

    private void check(Arguments arguments, String subject, PrintStream out, PrintStream err) {
        var bound = bind(arguments);
        compose(bound).check();
        for (var warning : bound.config().warnings()) {
            err.println("warning: " + warning);
        }
        out.println(subject + ": the configuration is valid\n\n" + Limits.of(bound.config()));
    }

    /** Tells what there is to tell of a configuration that is wrong as well, and then what is wrong. */
    private int explain(Arguments arguments, PrintStream out) {
        var sources = sources(arguments);
        for (var explanation : Config.explain(sources, Bound.layout(settings), arguments.key(), time)) {
            out.println(explanation);
        }
        Bound.of(sources, settings, time);
        return 0;
    }

    private static int print(String text, PrintStream out) {
        out.print(text);
        return 0;
    }

    /**
     * The JSON Schema of this service's {@code service.yaml}, for editors: the text that a generated project keeps in
     * {@code service.schema.json}, and that {@code java -jar NAME.jar schema} prints.
     */
    public String schema() {
        return SchemaFile.text(name, Bound.layout(settings).jsonSchema(anchor.getClassLoader()));
    }

    /**
     * The document of this service's routes, in YAML: what {@code java -jar NAME.jar openapi} prints. It composes the service
     * and opens nothing.
     *
     * @throws ConfigException if the configuration is wrong
     * @throws IllegalArgumentException if what was said of routes is wrong, with all that is
     */
    public String openApi() {
        return openApi(arguments(List.of()));
    }

    private String openApi(Arguments arguments) {
        var service = compose(bind(arguments));
        try {
            return service.openApiFile();
        } finally {
            service.abandon();
        }
    }

    private int train(List<String> args) {
        var given = Arguments.parse(args.toArray(String[]::new));
        given.settings().forEach(this::set);
        set("http.host=127.0.0.1")
                .set("http.port=0")
                .set("admin.port=0")
                .set("stop.drain-delay=0s")
                .set("discovery.announce=false");
        var service = start(new Arguments(
                given.command(),
                given.key(),
                given.files(),
                given.config(),
                given.profiles(),
                overrides,
                given.help()));
        try {
            Training.requests(service);
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "the training run could not reach its own ports: " + failed.getMessage(), failed);
        } finally {
            service.stop();
        }
        return 0;
    }

    /** In a terminal SIGHUP means that the terminal is gone, and ends the service as it ends any program. */
    // JDK 25 has no console without a terminal, whatever the check has heard of 22 to 24.
    @SuppressWarnings("SystemConsoleNull")
    private static void followHangups(AtomicReference<@Nullable Service> running) {
        var console = System.console();
        if (console == null || !console.isTerminal()) {
            Signals.onHangup(() -> {
                var service = running.get();
                if (service != null) {
                    service.hangUp();
                }
            });
        }
    }

    private int serve(Arguments arguments) {
        var running = new AtomicReference<@Nullable Service>();
        // Beside the start, since a proxy class takes some milliseconds; and before it is over, since HUP would end it.
        Thread.ofVirtual().name("hangup").start(() -> followHangups(running));
        var service = start(arguments);
        running.set(service);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            Signals.endAtOnce();
                            service.stop();
                            // The JVM would exit with 143 after SIGTERM; a stop in order is a success.
                            Runtime.getRuntime().halt(0);
                        },
                        "stop"));
        service.awaitEnd();
        return 0;
    }
}
