/** What is known of the current piece of work. */
@NullMarked
package dev.plinth.context;

import org.jspecify.annotations.NullMarked;
