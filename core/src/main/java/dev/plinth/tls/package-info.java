/** Certificates and keys in files, for both sides of TLS. */
@NullMarked
package dev.plinth.tls;

import org.jspecify.annotations.NullMarked;
