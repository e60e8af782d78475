/** What a record says of itself: properties, defaults, rules. */
@NullMarked
package dev.plinth.schema;

import org.jspecify.annotations.NullMarked;
