package dev.plinth.cli;

import dev.plinth.cli.contract.Skeleton;
import dev.plinth.config.ConfigException;
import dev.plinth.json.Json;
import dev.plinth.json.YamlWriter;
import dev.plinth.openapi.Change;
import dev.plinth.openapi.Diff;
import dev.plinth.openapi.Document;
import dev.plinth.openapi.Finding;
import dev.plinth.openapi.JsonText;
import dev.plinth.openapi.Lint;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code plinth openapi} does: tools for the documents of OpenAPI. */
@Command(
        name = "openapi",
        description =
                "Prints the document of the service's routes (OpenAPI 3.1), in YAML. Nothing is opened for it. Its own"
                        + " commands join, judge and compare documents (2.0, 3.0, 3.1), and make a service of one.")
final class OpenApiCommands implements Callable<Integer> {
    /** Asks a service for its document. */
    @FunctionalInterface
    interface Print {
        int of(Path dir, ServiceOptions options);
    }

    private final PrintStream out;
    private final Print print;

    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            defaultValue = ".",
            description = "The service's folder. Default: this one")
    private Path dir = Path.of(".");

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    OpenApiCommands(PrintStream out, Print print) {
        this.out = out;
        this.print = print;
    }

    @Override
    public Integer call() {
        return print.of(dir, options);
    }

    @Command(
            name = "merge",
            description =
                    "Makes one file of a document and those that it refers to: what they hold moves to its components.")
    int merge(
            @Parameters(paramLabel = "FILE", description = "Such as openapi.yaml") Path file,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "OUT",
                            description =
                                    "Where to write it, as JSON if it ends with .json, else as YAML. Default: standard output, in FILE's form")
                    @Nullable
                    Path output,
            @Option(names = "--force", description = "Overwrites OUT if it is there") boolean force) {
        var document = read(file);
        var asJson = (output == null ? file : output).toString().endsWith(".json");
        var text = asJson ? JsonText.of(document.joined()) : YamlWriter.of(document.tree());
        if (output == null) {
            out.print(text);
            return 0;
        }
        write(output, text, force, "Choose another with -o, or overwrite it with --force.");
        out.println("Wrote " + output + ".");
        return 0;
    }

    @Command(
            name = "lint",
            description =
                    "Tells what of a document can't be served (errors) and what probably isn't meant (warnings), each with its"
                            + " place. Exit code 1 if there is an error.")
    int lint(
            @Parameters(paramLabel = "FILE", description = "Such as openapi.yaml") Path file,
            @Option(names = "--json", description = "Prints a list of JSON objects, for programs") boolean json,
            @Option(names = "--strict", description = "Takes warnings for errors in the exit code") boolean strict) {
        var findings = Lint.of(file);
        long errors = findings.stream().filter(Finding::error).count();
        if (json) {
            out.println(json(findings.stream().map(OpenApiCommands::json).toList()));
        } else {
            findings.forEach(out::println);
            out.println(errors
                    + (errors == 1 ? " error, " : " errors, ")
                    + (findings.size() - errors)
                    + (findings.size() - errors == 1 ? " warning" : " warnings"));
        }
        return errors > 0 || (strict && !findings.isEmpty()) ? Failure.FAILED : 0;
    }

    private static Map<String, Object> json(Finding finding) {
        var json = new LinkedHashMap<String, Object>();
        json.put("severity", finding.error() ? "error" : "warning");
        json.put("rule", finding.rule());
        json.put("where", finding.where());
        json.put("message", finding.message());
        json.put("file", finding.origin().name());
        json.put("line", finding.origin().line());
        json.put("column", finding.origin().column());
        return json;
    }

    @Command(
            name = "diff",
            description =
                    "Tells what changed between two versions of a document: first what breaks callers who keep to the old"
                            + " one. Exit code 1 if anything does.")
    int diff(
            @Parameters(index = "0", paramLabel = "OLD", description = "The version that callers know") Path old,
            @Parameters(index = "1", paramLabel = "NEW", description = "The version that is to come") Path now,
            @Option(names = "--json", description = "Prints a list of JSON objects, for programs") boolean json) {
        var changes = Diff.of(read(old), read(now));
        long breaking = changes.stream().filter(Change::breaking).count();
        if (json) {
            out.println(json(changes.stream().map(OpenApiCommands::json).toList()));
        } else {
            changes.forEach(out::println);
            out.println(breaking + " breaking, " + (changes.size() - breaking) + " other");
        }
        return breaking > 0 ? Failure.FAILED : 0;
    }

    private static Map<String, Object> json(Change change) {
        var json = new LinkedHashMap<String, Object>();
        json.put("breaking", change.breaking());
        json.put("where", change.where());
        json.put("what", change.what());
        json.put("file", change.place().name());
        json.put("line", change.place().line());
        json.put("column", change.place().column());
        return json;
    }

    private static String json(List<?> items) {
        return new String(Json.standard().write(items), StandardCharsets.UTF_8);
    }

    @Command(
            name = "generate",
            description =
                    "Writes a service that keeps the contract: records, a handler for each operation that answers 501 until"
                            + " you write it, and a test. It builds and runs as it is.")
    int generate(
            @Parameters(index = "0", paramLabel = "FILE", description = "Such as openapi.yaml") Path file,
            @Parameters(index = "1", paramLabel = "DIR", description = "Where to put it") Path dir,
            @Option(names = "--name", paramLabel = "NAME", description = "The service's name. Default: from DIR")
                    @Nullable
                    String name,
            @Option(names = "--package", paramLabel = "PACKAGE", description = "Its Java package. Default: from NAME")
                    @Nullable
                    String packageName,
            @Option(names = "--force", description = "Overwrites files that are there; others in DIR stay")
                    boolean force) {
        var last = dir.toAbsolutePath().normalize().getFileName();
        var service = new ServiceName(
                name != null ? name : last == null ? "" : last.toString().toLowerCase(Locale.ROOT));
        var template = new Template(service, packageName == null ? service.packageName() : packageName);
        var files = new LinkedHashMap<String, String>();
        files.put("pom.xml", template.text("pom.xml"));
        files.put(".gitignore", Template.GITIGNORE);
        files.putAll(new Skeleton(read(file), service.text(), template.packageName()).files());
        refuseExisting(dir, files.keySet(), force);
        files.forEach((path, text) -> write(dir.resolve(path), text, force, ""));
        out.println("Wrote the service " + service.text() + " to " + dir + ": " + files.size() + " files. Next:");
        out.println("  cd " + dir + " && mvn verify     builds and tests it");
        out.println("  plinth run " + dir + "     builds and runs it");
        return 0;
    }

    private static void refuseExisting(Path dir, Set<String> files, boolean force) {
        var there = files.stream()
                .filter(each -> Files.exists(dir.resolve(each), LinkOption.NOFOLLOW_LINKS))
                .sorted()
                .toList();
        if (!there.isEmpty() && !force) {
            throw Failure.failed(dir + " has " + String.join(", ", there.subList(0, Math.min(5, there.size())))
                    + (there.size() > 5 ? " and " + (there.size() - 5) + " more of these files" : "")
                    + " already. Choose another folder, or overwrite them with --force.");
        }
    }

    private static Document read(Path file) {
        try {
            return Document.file(file);
        } catch (ConfigException wrong) {
            throw Failure.failed(String.valueOf(wrong.getMessage()));
        }
    }

    private static void write(Path target, String text, boolean force, String advice) {
        try {
            var parent = target.toAbsolutePath().getParent();
            if (advice.isEmpty() && parent != null) {
                Files.createDirectories(parent);
            }
            if (force && Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
                Files.delete(target);
            }
            Files.writeString(target, text, new OpenOption[] {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE});
        } catch (FileAlreadyExistsException e) {
            throw Failure.failed(target + " is already there. " + advice);
        } catch (NoSuchFileException e) {
            throw Failure.failed("there is no folder " + target.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw Failure.failed("could not write " + target + ": " + Failure.reason(e));
        }
    }
}
