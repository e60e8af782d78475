/** Values that never print. */
@NullMarked
package dev.plinth.secret;

import org.jspecify.annotations.NullMarked;
