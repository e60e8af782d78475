/** Discovery and configuration in Consul. */
@NullMarked
package dev.plinth.consul;

import org.jspecify.annotations.NullMarked;
