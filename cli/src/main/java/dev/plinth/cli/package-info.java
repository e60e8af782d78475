/** The command {@code plinth}: makes, builds and runs services. */
@NullMarked
package dev.plinth.cli;

import org.jspecify.annotations.NullMarked;
