/**
 * The HTTP engine, and the only package that knows which one it is.
 *
 * <p>A {@link dev.plinth.http.engine.SocketEngine} accepts connections and ends waits that are over; a {@link
 * dev.plinth.http.engine.Connection} is one socket with the bytes read ahead; {@link dev.plinth.http.engine.Http1} reads
 * a {@link dev.plinth.http.engine.RequestHead} after the other and hands each on as an {@link
 * dev.plinth.http.engine.Exchange}.
 */
@NullMarked
package dev.plinth.http.engine;

import org.jspecify.annotations.NullMarked;
