/** Where the instances of services are, and which of them a call goes to. */
@NullMarked
package dev.plinth.discovery;

import org.jspecify.annotations.NullMarked;
