package dev.plinth.http;

import dev.plinth.schema.ByteSize;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import jakarta.validation.constraints.Positive;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What forms with files ({@code multipart/form-data}) may bring, key {@code uploads} of a listener.
 *
 * @param maxSize all of the body. It takes the place of {@code max-body}, which still bounds the texts of a form.
 * @param maxParts fields and files of one form
 * @param memory up to here a file stays in memory; choose by how many come at one time
 * @param folder where larger ones wait until the request is answered; the system's folder for temporary files unless
 *     told otherwise
 */
public record UploadConfig(
        @Default("10MiB") @Positive @Doc("Largest form with files; more is refused with 413.") ByteSize maxSize,
        @Default("1000") @Positive @Doc("Fields and files of one form; more is refused with 413.") int maxParts,
        @Default("64KiB") @Positive @Doc("Up to here a file stays in memory.") ByteSize memory,
        @Doc("Where larger files wait until the request is answered; the system's temporary folder unless set.")
                Optional<Path> folder) {}
