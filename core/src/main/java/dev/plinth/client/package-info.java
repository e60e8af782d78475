/** Calls to other services. */
@NullMarked
package dev.plinth.client;

import org.jspecify.annotations.NullMarked;
