package dev.plinth.client.engine;

import java.io.IOException;

/** A body of known length, or one that ends with the connection. */
final class PlainInput extends WireInput {
    private long left;

    /**
     * The body.
     *
     * @param length {@link ReplyHead#UNTIL_CLOSE} where it ends with the connection
     */
    PlainInput(Wire wire, long length, boolean reusable) {
        super(wire, reusable);
        left = length;
    }

    @Override
    int receive(Wire wire, byte[] to, int offset, int length) throws IOException {
        if (left == ReplyHead.UNTIL_CLOSE) {
            return wire.read(to, offset, length);
        }
        int n = wire.read(to, offset, (int) Math.min(length, left));
        if (n < 0) {
            throw Fault.sent(
                    Fault.Kind.BROKEN, "the connection ended inside the body, " + left + " bytes before its end", null);
        }
        left -= n;
        return n;
    }

    @Override
    boolean isOver() {
        return left == 0;
    }
}
