/** Turns the configuration of older systems into a {@code service.yaml}. */
@NullMarked
package dev.plinth.cli.importing;

import org.jspecify.annotations.NullMarked;
