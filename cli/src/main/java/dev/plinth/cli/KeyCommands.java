package dev.plinth.cli;

import dev.plinth.auth.StoredHash;
import dev.plinth.secret.DecryptionException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileAlreadyExistsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What {@code plinth key} does. */
@Command(name = "key", description = "Makes keys: those that encrypt values of service.yaml, and those of callers.")
final class KeyCommands {
    private final PrintStream out;

    KeyCommands(PrintStream out) {
        this.out = out;
    }

    @Command(name = "create", description = "Writes a new key into a file that isn't there yet, for its owner alone.")
    int create(@Mixin KeyOption option) {
        var key = option.key();
        try {
            key.create();
        } catch (FileAlreadyExistsException e) {
            throw Failure.failed(
                    key.path() + " is already there, and stays: values may be lost without it. Put a new key"
                            + " before it with plinth key add, or choose another file with --file.");
        } catch (IOException e) {
            throw Failure.failed("could not write " + key.path() + ": " + Failure.reason(e));
        }
        out.println("Wrote a new key to " + key.path() + ". Keep it out of version control, and a copy of it safe.");
        return 0;
    }

    @Command(
            name = "add",
            description = "Puts a new key before those of the file: it encrypts from now on, the others still decrypt.",
            footer = "%nThen plinth rotate FILE for each file of values, and at last the old key can be taken out.")
    int add(@Mixin KeyOption option) {
        var key = option.key();
        try {
            key.add();
        } catch (DecryptionException e) {
            throw Failure.failed(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw Failure.failed("could not write " + key.path() + ": " + Failure.reason(e));
        }
        out.println("Put a new key into the first line of " + key.path() + ". Next: plinth rotate service.yaml");
        return 0;
    }

    @Command(
            name = "api",
            description = "Makes a key for a caller of a service, and the hash of it that the service stores.",
            footer =
                    "%nThe key is shown this once: it goes to the caller, the hash into auth.NAME.keys of service.yaml.")
    int api() {
        var key = StoredHash.newKey();
        out.println("key:  " + key);
        out.println("hash: " + StoredHash.ofKey(key).text());
        return 0;
    }
}
