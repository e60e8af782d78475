package dev.plinth.http;

import java.util.Map;

/**
 * Pages that show a document of OpenAPI to people in a browser. An artifact brings one by {@link java.util.ServiceLoader};
 * it is looked for where {@code http.openapi.ui} is on. The implementation is public, with a public constructor without
 * parameters.
 */
public interface OpenApiUi {
    /**
     * Adds the routes of the pages.
     *
     * @param pages the group in which they are; the first page is at {@code /} of it
     * @param documents where the documents are, by what people are to call them, the first one shown first. The addresses
     *     are relative to the first page, so that they hold behind a prefix too.
     */
    void addTo(Http pages, Map<String, String> documents);
}
