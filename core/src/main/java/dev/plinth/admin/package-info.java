/** The admin listener. */
@NullMarked
package dev.plinth.admin;

import org.jspecify.annotations.NullMarked;
