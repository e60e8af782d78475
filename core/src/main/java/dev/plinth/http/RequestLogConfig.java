package dev.plinth.http;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.schema.Live;
import java.util.Set;

/**
 * One line for each request, key {@code request-log} of a listener.
 *
 * @param on whether there is one; probes never have one
 * @param headers whether it holds the headers of request and response
 * @param redact names of headers and query parameters, beside those that are secret everywhere, of which {@code ***} is
 *     written in place of the value
 */
public record RequestLogConfig(
        @Default("false") @Doc("Whether each request but probes is logged.") Live<Boolean> on,
        @Default("false") @Doc("Whether headers are logged too.") boolean headers,
        @Default("") @Doc("Further names of headers and query parameters whose values are written as ***.")
                Set<String> redact) {}
