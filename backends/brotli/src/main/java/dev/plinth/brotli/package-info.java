/** Answers packed by brotli. */
@NullMarked
package dev.plinth.brotli;

import org.jspecify.annotations.NullMarked;
