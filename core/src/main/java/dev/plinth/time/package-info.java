/** The injected clock, sleeper and source of chance. */
@NullMarked
package dev.plinth.time;

import org.jspecify.annotations.NullMarked;
