/** A project from a contract: records, handlers, and what builds them. */
@NullMarked
package dev.plinth.cli.contract;

import org.jspecify.annotations.NullMarked;
