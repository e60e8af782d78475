/** Discovery in Kubernetes. */
@NullMarked
package dev.plinth.kubernetes;

import org.jspecify.annotations.NullMarked;
