package dev.plinth.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a document of OpenAPI says of the whole: {@link Http#about}. Without it the title is the service's name and the
 * version that of its jar. Texts are Markdown. Used by one thread, when the document is made.
 */
public final class About {
    @Nullable
    String title;

    @Nullable
    String version;

    @Nullable
    String description;

    @Nullable
    Map<String, Object> contact;

    @Nullable
    Map<String, Object> license;

    About() {}

    /** The title. */
    public About title(String text) {
        title = text;
        return this;
    }

    /** The version of the API, where it is not that of the jar. */
    public About version(String text) {
        version = text;
        return this;
    }

    /** What it is for. */
    public About description(String text) {
        description = text;
        return this;
    }

    /** Whom to ask, and the page where. */
    public About contact(String name, String url) {
        contact = new LinkedHashMap<>();
        contact.put("name", name);
        contact.put("url", url);
        return this;
    }

    /** Under which terms it may be used, by the SPDX identifier: {@code Apache-2.0}, {@code LicenseRef-Proprietary}. */
    public About license(String name, String spdx) {
        license = new LinkedHashMap<>();
        license.put("name", name);
        license.put("identifier", spdx);
        return this;
    }
}
