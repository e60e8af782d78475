/** Spans and the headers that tie them across services. */
@NullMarked
package dev.plinth.trace;

import org.jspecify.annotations.NullMarked;
