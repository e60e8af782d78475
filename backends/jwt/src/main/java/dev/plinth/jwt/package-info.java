/** Callers known by signed tokens (JWT, OpenID Connect). */
@NullMarked
package dev.plinth.jwt;

import org.jspecify.annotations.NullMarked;
