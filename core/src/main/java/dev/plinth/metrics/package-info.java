/** Meters, bounded in number, read by Prometheus. */
@NullMarked
package dev.plinth.metrics;

import org.jspecify.annotations.NullMarked;
