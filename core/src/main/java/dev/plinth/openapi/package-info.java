/** OpenAPI documents as trees that keep their places: read, joined, brought to 3.1, judged, compared. */
@NullMarked
package dev.plinth.openapi;

import org.jspecify.annotations.NullMarked;
