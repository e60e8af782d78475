/** Whole services as processes, among the servers that they live with in production. */
@NullMarked
package dev.plinth.acceptance;

import org.jspecify.annotations.NullMarked;
