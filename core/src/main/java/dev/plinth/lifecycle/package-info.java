/** Start in order, stop in reverse. */
@NullMarked
package dev.plinth.lifecycle;

import org.jspecify.annotations.NullMarked;
