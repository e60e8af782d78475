/** Discovery and configuration in etcd. */
@NullMarked
package dev.plinth.etcd;

import org.jspecify.annotations.NullMarked;
