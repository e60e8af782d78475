/** Failures that are part of the contract. */
@NullMarked
package dev.plinth.error;

import org.jspecify.annotations.NullMarked;
