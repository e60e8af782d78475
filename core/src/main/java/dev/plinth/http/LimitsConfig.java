package dev.plinth.http;

import dev.plinth.schema.ByteSize;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;

/**
 * What one request may bring, and how slowly, key {@code limits} of a listener. They are far above what honest clients
 * send; lower them where you know yours.
 *
 * @param maxUrl the request line (HTTP/2: the path), within {@code max-headers}
 * @param maxHeaderCount headers of a request
 * @param minRate bytes a second that a client must send of a body, or take of an answer, as soon as it was waited for as
 *     long as {@code read-timeout}: slower ones are cut. Choose what the slowest honest network brings; 0B asks for none.
 * @param jsonDepth objects and lists within each other
 * @param jsonText one text of a JSON body
 */
public record LimitsConfig(
        @Default("8KiB") @Positive @Doc("Longest request line; more is refused with 414.") ByteSize maxUrl,
        @Default("100") @Positive @Doc("Headers of a request; more is refused with 431.") int maxHeaderCount,
        @Default("1KiB") @PositiveOrZero @Doc("Bytes a second that a client must send or take; 0B asks for none.")
                ByteSize minRate,
        @Default("64") @Positive @Max(1000) @Doc("Levels of a JSON body; more is refused with 400.") int jsonDepth,
        @Default("10MiB") @Positive @Doc("Longest text in a JSON body; more is refused with 400.") ByteSize jsonText) {}
