/** Whole-process comparisons with what else one could use, run by {@code ./bench}. */
@NullMarked
package dev.plinth.benchmarks;

import org.jspecify.annotations.NullMarked;
