/** The front door: {@link dev.plinth.Service}, and nothing else that a user types. */
@NullMarked
package dev.plinth;

import org.jspecify.annotations.NullMarked;
