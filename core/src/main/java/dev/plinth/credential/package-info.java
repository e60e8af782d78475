/** Credentials for other systems, looked up by key. */
@NullMarked
package dev.plinth.credential;

import org.jspecify.annotations.NullMarked;
