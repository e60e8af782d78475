/** One tree of configuration with the origin of every value, bound to records. */
@NullMarked
package dev.plinth.config;

import org.jspecify.annotations.NullMarked;
