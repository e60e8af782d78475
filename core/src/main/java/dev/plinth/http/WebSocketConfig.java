package dev.plinth.http;

import dev.plinth.schema.ByteSize;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import jakarta.validation.constraints.Positive;
import java.time.Duration;

/**
 * What holds for WebSockets, key {@code web-socket} of a listener.
 *
 * @param maxMessage the largest message that a client may send, in however many frames; for more it is sent away with
 *     1009. One that waits for its handler and one on its way may be held at one time, so a connection costs twice that
 *     at most.
 * @param pingInterval after how much silence of the client it is asked whether it is still there. Choose less than a proxy
 *     in front lets pass; many close after 60 s.
 * @param pingTimeout how much longer a client may then say nothing before it counts as gone
 * @param sendTimeout how long a message may take to be sent; a client that takes longer is cut. Choose what the slowest
 *     client needs for the largest message.
 */
public record WebSocketConfig(
        @Default("1MiB") @Positive @Doc("Largest message of a client; for more it is sent away with 1009.")
                ByteSize maxMessage,
        @Default("20s") @Positive @Doc("After how much silence a client is asked whether it is there.")
                Duration pingInterval,
        @Default("20s") @Positive @Doc("How much longer it may then say nothing.") Duration pingTimeout,
        @Default("10s") @Positive @Doc("How long a message may take to be sent; a client that takes longer is cut.")
                Duration sendTimeout) {}
