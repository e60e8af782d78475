package dev.plinth.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What it takes to load a file into records in a process that has just begun, with an ahead-of-time cache, above what a JVM
 * takes that does nothing; and what it takes to read a value afterwards.
 */
final class ConfigComparison implements Comparison {
    private static final Path HOME = Path.of(System.getProperty("plinth.home", "."));
    private static final String FILE =
            HOME.resolve("benchmarks/config/service.yaml").toString();
    private static final int PATIENCE_SECONDS = 120;

    private static final Program NOTHING = ours("nothing", Nothing.class);
    private final List<Program> programs = new ArrayList<>();

    /** A program that loads the file, and says how long that took and what it found. */
    private record Program(String name, List<String> words) {}

    /**
     * What one run took.
     *
     * @param process milliseconds from fork to end
     * @param bind milliseconds from the beginning of {@code main}, as the program says
     */
    private record Run(double process, double bind, String found) {}

    @Override
    public String name() {
        return "config";
    }

    @Override
    public String description() {
        return "a file of 300 lines into 20 records, in a new process with AOT cache, on one core; and a read of a value";
    }

    @Override
    public List<Figure> run(Path folder, boolean quick) throws Exception {
        programs.addAll(List.of(
                ours("ours", ConfigProgram.class),
                peer("SmallRye Config", "smallrye-config"),
                peer("Spring Boot's binder", "spring-boot")));
        train(NOTHING, folder);
        for (var program : programs) {
            train(program, folder);
        }
        var process = lists();
        var bind = lists();
        for (var round = 0; round < (quick ? 2 : 25); round++) {
            var floor = run(NOTHING, folder).process();
            String found = null;
            for (var i = 0; i < programs.size(); i++) {
                var run = run(programs.get(i), folder);
                process.get(i).add(run.process() - floor);
                bind.get(i).add(run.bind());
                if (found != null && !found.equals(run.found())) {
                    throw new IllegalStateException(
                            programs.get(i).name() + " found " + run.found() + ", and not " + found);
                }
                found = run.found();
            }
        }
        var classes = lists();
        var floor = classes(NOTHING, folder);
        for (var i = 0; i < programs.size(); i++) {
            classes.get(i).add(classes(programs.get(i), folder) - floor);
        }
        var figures = new ArrayList<Figure>();
        for (var i = 1; i < programs.size(); i++) {
            var other = programs.get(i).name();
            figures.add(new Figure("CONFIG_PROCESS_MS", process.getFirst(), process.get(i), other, 0.5, false));
            figures.add(new Figure("CONFIG_LOAD_MS", bind.getFirst(), bind.get(i), other, 0.5, false));
            figures.add(new Figure("CONFIG_CLASSES", classes.getFirst(), classes.get(i), other, 0.5, false));
        }
        figures.add(reads(folder, quick ? 1 : 15));
        return figures;
    }

    private List<List<Double>> lists() {
        var lists = new ArrayList<List<Double>>();
        programs.forEach(_ -> lists.add(new ArrayList<>()));
        return lists;
    }

    private static Program ours(String name, Class<?> main) {
        return new Program(
                name,
                List.of(
                        "-cp",
                        HOME.resolve("benchmarks/target/plinth-benchmarks.jar").toString(),
                        main.getName(),
                        FILE));
    }

    private static Program peer(String title, String name) {
        return new Program(
                title + " " + Peers.version(name),
                List.of("-jar", Peers.jar(name).toString(), FILE));
    }

    private static void train(Program program, Path folder) throws IOException, InterruptedException {
        say(program, folder, List.of("-XX:AOTCacheOutput=" + cache(program, folder)));
        if (!Files.exists(cache(program, folder))) {
            throw new IllegalStateException(program.name() + " left no cache in " + folder);
        }
    }

    private static Run run(Program program, Path folder) throws IOException, InterruptedException {
        var begin = System.nanoTime();
        var said = say(program, folder, List.of("-XX:AOTCache=" + cache(program, folder)))
                .strip()
                .split(" ", -1);
        return new Run((System.nanoTime() - begin) / 1e6, Long.parseLong(said[0]) / 1e6, said[1]);
    }

    /** How many classes the process has loaded at its end, those from the cache among them. */
    private static double classes(Program program, Path folder) throws IOException, InterruptedException {
        var log = folder.resolve("classes.log");
        say(
                program,
                folder,
                List.of("-XX:AOTCache=" + cache(program, folder), "-Xlog:class+load:file=" + log + "::filecount=0"));
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(" source: ")).count();
        } finally {
            Files.delete(log);
        }
    }

    private static Figure reads(Path folder, int rounds) throws IOException, InterruptedException {
        var said = say(
                new Program(
                        "reads",
                        List.of(
                                "-cp",
                                HOME.resolve("benchmarks/target/plinth-benchmarks.jar")
                                        .toString(),
                                FieldReads.class.getName(),
                                String.valueOf(rounds))),
                folder,
                List.of());
        var bound = new ArrayList<Double>();
        var field = new ArrayList<Double>();
        for (var line : said.lines().toList()) {
            var both = line.split(" ", -1);
            bound.add(Double.valueOf(both[0]));
            field.add(Double.valueOf(both[1]));
        }
        return new Figure("CONFIG_READ_NS", bound, field, "a field of a plain object", 1.1, false);
    }

    /** What it writes to standard output; it must end by itself, with 0. */
    private static String say(Program program, Path folder, List<String> flags)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        if (Boolean.getBoolean("plinth.pinned")) {
            command.addAll(List.of("taskset", "-c", "0"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(program.words());
        var errors = folder.resolve("errors.log");
        var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        var said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException(program.name() + " failed; see " + errors);
        }
        return said;
    }

    private static Path cache(Program program, Path folder) {
        return folder.resolve(program.name().replaceAll("[^A-Za-z0-9]+", "-") + ".aot");
    }
}
