package dev.plinth.http;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import jakarta.validation.constraints.Pattern;

/**
 * Where the listener tells what it serves, key {@code openapi} of a listener.
 *
 * @param enabled whether there is a document. It says nothing that a caller may not know: no configuration, no address, no
 *     route that is hidden; and callers, gateways and generators want it where the service is. Turn it off where even the
 *     names of routes are nobody's business.
 * @param path where it is, without its end: {@code .json} and {@code .yaml}
 * @param ui whether there are pages that show it and try it out, brought by the artifact {@code plinth-swagger-ui}. Off unless
 *     asked for: they are for people who build, they run scripts on the origin of the service, and what isn't there can't
 *     be misused.
 * @param uiPath where they are
 */
public record OpenApiConfig(
        @Default("true") @Doc("Whether the listener serves the document of its routes (OpenAPI).") boolean enabled,
        @Default("/openapi") @Pattern(regexp = "(/[A-Za-z0-9._-]+)+") @Doc("Where, without .json or .yaml at the end.")
                String path,
        @Default("false") @Doc("Whether pages show it and try it out; they need the artifact plinth-swagger-ui.")
                boolean ui,
        @Default("/ui") @Pattern(regexp = "(/[A-Za-z0-9._-]+)+") @Doc("Where these pages are.") String uiPath) {}
