/** How requests get out: connections, pools and protocols. Not exported: the client hides it. */
@NullMarked
package dev.plinth.client.engine;

import org.jspecify.annotations.NullMarked;
