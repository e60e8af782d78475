/** Who a caller is: authenticators, and the kinds of them that a configuration can name. */
@NullMarked
package dev.plinth.auth;

import org.jspecify.annotations.NullMarked;
