/** Whether the service is alive, ready, and what its parts say. */
@NullMarked
package dev.plinth.health;

import org.jspecify.annotations.NullMarked;
