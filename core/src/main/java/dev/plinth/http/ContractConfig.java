package dev.plinth.http;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;

/**
 * What a {@linkplain Http#contract contract} holds the service itself to.
 *
 * @param validateResponses whether answers are judged too: one that is not as the contract says becomes a 500 {@code
 *     CONTRACT_BROKEN}, and the log has what broke. It costs reading each answer again; choose it for development and
 *     tests.
 */
public record ContractConfig(
        @Default("false") @Doc("Whether answers are judged too; a broken one becomes a 500 and a line in the log.")
                boolean validateResponses) {}
