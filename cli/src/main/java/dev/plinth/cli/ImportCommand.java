package dev.plinth.cli;

import dev.plinth.cli.importing.Import;
import dev.plinth.cli.importing.Refused;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code plinth import}: one file in, a {@code service.yaml} out. */
@Command(
        name = "import",
        description = "Turns the configuration file of an older system into a service.yaml: of PyMS, samba-chassis, or"
                + " pip-services, in YAML or JSON. What has no counterpart becomes a comment.")
final class ImportCommand implements Callable<Integer> {
    private static final int MAX_BYTES = 1 << 20;

    @Parameters(paramLabel = "FILE", description = "Such as config.yml")
    private Path file = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT",
            defaultValue = "service.yaml",
            description = "Where to write it; - is standard output. Default: service.yaml")
    private String output = "service.yaml";

    @Option(
            names = "--from",
            paramLabel = "SYSTEM",
            converter = Systems.class,
            description = "pyms, samba or pip-services. Default: told by its shape")
    private Import.@Nullable From from;

    @Option(names = "--force", description = "Overwrites OUT if it is there")
    private boolean force;

    private final PrintStream out;

    ImportCommand(PrintStream out) {
        this.out = out;
    }

    /** The names of the systems on the command line. */
    static final class Systems implements CommandLine.ITypeConverter<Import.From> {
        @Override
        public Import.From convert(String text) {
            return switch (text) {
                case "pyms" -> Import.From.PYMS;
                case "samba" -> Import.From.SAMBA;
                case "pip-services" -> Import.From.PIP_SERVICES;
                default ->
                    throw new CommandLine.TypeConversionException(
                            "'" + text + "' is not known (expected: pyms, samba or pip-services)");
            };
        }
    }

    @Override
    public Integer call() {
        var result = read(file, from);
        if (output.equals("-")) {
            out.print(result.text());
            return 0;
        }
        write(result, Path.of(output), force);
        out.println("Wrote " + output + " from " + file + " (" + result.system() + "): " + result.taken()
                + " values taken over, " + result.left() + " without a counterpart, which are comments at its end.");
        return 0;
    }

    /**
     * What the file becomes.
     *
     * @throws Failure if it can't be read, or is of no shape that is known
     */
    private static Import read(Path file, Import.@Nullable From from) {
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw Failure.failed(file + " is larger than 1 MiB, so it is no configuration.");
            }
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return Import.of(
                    text.startsWith("\uFEFF") ? text.substring(1) : text,
                    file.getFileName().toString(),
                    from);
        } catch (Refused refused) {
            throw Failure.failed(file + ": " + refused.text());
        } catch (NoSuchFileException e) {
            throw Failure.failed("there is no file " + file);
        } catch (CharacterCodingException e) {
            throw Failure.failed(file + " is not UTF-8");
        } catch (IOException e) {
            throw Failure.failed(
                    file + " can't be read: " + (Files.isDirectory(file) ? "it is a folder" : e.getMessage()));
        }
    }

    /**
     * Writes it where nothing is, unless {@code force} is set.
     *
     * @throws Failure if something is there, or the file system refuses
     */
    private static void write(Import result, Path target, boolean force) {
        try {
            if (force && !Files.isSymbolicLink(target) && Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
                Files.delete(target);
            }
            Files.writeString(target, result.text(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw Failure.failed(target + " is already there. Choose another with -o, or overwrite it with --force.");
        } catch (NoSuchFileException e) {
            throw Failure.failed("there is no folder " + target.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw Failure.failed("could not write " + target + ": " + e.getMessage());
        }
    }
}
