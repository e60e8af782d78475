/** What the chassis itself asks of other systems: registries, and stores of configuration. */
@NullMarked
package dev.plinth.remote;

import org.jspecify.annotations.NullMarked;
