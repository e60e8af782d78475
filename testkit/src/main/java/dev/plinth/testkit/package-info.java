/** What tests of services and backends need. */
@NullMarked
package dev.plinth.testkit;

import org.jspecify.annotations.NullMarked;
