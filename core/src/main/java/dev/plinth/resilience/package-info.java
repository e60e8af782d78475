/** What stands between a caller and a neighbour that fails, hangs or drowns: small policies, alone or composed. */
@NullMarked
package dev.plinth.resilience;

import org.jspecify.annotations.NullMarked;
