/** Pages that show and try out what a service serves. */
@NullMarked
package dev.plinth.swaggerui;

import org.jspecify.annotations.NullMarked;
