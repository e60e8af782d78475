package dev.plinth.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Reads one message of the Protocol Buffers wire format, field by field:
 *
 * <pre>{@code
 * while (message.next()) {
 *     switch (message.field()) {
 *         case 1 -> name = message.text();
 *         default -> message.skip();
 *     }
 * }
 * }</pre>
 *
 * <p>What is malformed throws {@link IllegalArgumentException}. Used by one thread.
 */
final class Protobuf {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED32 = 5;

    private final ByteBuffer bytes;
    private int tag;

    Protobuf(byte[] message) {
        this(ByteBuffer.wrap(message));
    }

    private Protobuf(ByteBuffer bytes) {
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Whether there is another field; it must be read or skipped before the next call. */
    boolean next() {
        if (!bytes.hasRemaining()) {
            return false;
        }
        tag = (int) varint();
        return true;
    }

    int field() {
        return tag >>> 3;
    }

    /** A field of the types int32, int64, uint32, uint64, bool, enum. */
    long number() {
        expect(VARINT);
        return varint();
    }

    /** A field of the types fixed64 and sfixed64. */
    long fixed64() {
        expect(FIXED64);
        need(8);
        return bytes.getLong();
    }

    double real() {
        return Double.longBitsToDouble(fixed64());
    }

    String text() {
        var slice = slice();
        var text = new byte[slice.remaining()];
        slice.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** A field of bytes, in hexadecimal digits. */
    String hex() {
        var slice = slice();
        var raw = new byte[slice.remaining()];
        slice.get(raw);
        return HexFormat.of().formatHex(raw);
    }

    /** A field that is a message itself. */
    Protobuf message() {
        return new Protobuf(slice());
    }

    void skip() {
        switch (tag & 7) {
            case VARINT -> varint();
            case FIXED64 -> fixed64();
            case LENGTH -> slice();
            case FIXED32 -> {
                need(4);
                bytes.getInt();
            }
            default -> throw malformed("wire type " + (tag & 7));
        }
    }

    private ByteBuffer slice() {
        expect(LENGTH);
        long length = varint();
        if (length < 0 || length > bytes.remaining()) {
            throw malformed("length " + length);
        }
        var slice = bytes.slice(bytes.position(), (int) length);
        bytes.position(bytes.position() + (int) length);
        return slice;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            need(1);
            byte octet = bytes.get();
            value |= (long) (octet & 0x7f) << shift;
            if (octet >= 0) {
                return value;
            }
        }
        throw malformed("a number of more than ten bytes");
    }

    private void expect(int wireType) {
        if ((tag & 7) != wireType) {
            throw malformed("wire type " + (tag & 7) + " instead of " + wireType);
        }
    }

    private void need(int length) {
        if (bytes.remaining() < length) {
            throw malformed("the end");
        }
    }

    private IllegalArgumentException malformed(String what) {
        return new IllegalArgumentException(
                "Not a protobuf message: " + what + " in field " + field() + " at byte " + bytes.position());
    }
}
