/** Structured logs on SLF4J and Logback, set up without XML. */
@NullMarked
package dev.plinth.log;

import org.jspecify.annotations.NullMarked;
