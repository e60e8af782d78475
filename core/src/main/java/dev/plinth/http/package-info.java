/** The HTTP door: routes, filters, problems. */
@NullMarked
package dev.plinth.http;

import org.jspecify.annotations.NullMarked;
