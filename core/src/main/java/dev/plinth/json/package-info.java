/** Records to JSON and back. */
@NullMarked
package dev.plinth.json;

import org.jspecify.annotations.NullMarked;
