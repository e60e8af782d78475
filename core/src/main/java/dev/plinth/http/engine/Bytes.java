package dev.plinth.http.engine;

import java.util.Arrays;

/** Bytes that grow at their end, kept by a connection for all of its answers. */
final class Bytes {
    private static final int KEPT = 32 * 1024;
    private static final byte[] HEX = Ascii.bytes("0123456789abcdef");

    byte[] array;
    int size;

    Bytes(int capacity) {
        array = new byte[capacity];
    }

    /** Forgets them all, and the room for very many too. */
    Bytes clear() {
        size = 0;
        if (array.length > KEPT) {
            array = new byte[KEPT];
        }
        return this;
    }

    Bytes add(byte[] more) {
        return add(more, 0, more.length);
    }

    Bytes add(byte[] more, int offset, int length) {
        room(length);
        System.arraycopy(more, offset, array, size, length);
        size += length;
        return this;
    }

    Bytes add(int octet) {
        room(1);
        array[size++] = (byte) octet;
        return this;
    }

    /** Adds text that is known to be ISO 8859-1. */
    Bytes add(String text) {
        int length = text.length();
        room(length);
        for (int i = 0; i < length; i++) {
            array[size + i] = (byte) text.charAt(i);
        }
        size += length;
        return this;
    }

    Bytes addDecimal(long number) {
        return add(Long.toString(number));
    }

    Bytes addHex(int number) {
        int shift = 28;
        while (shift > 0 && number >>> shift == 0) {
            shift -= 4;
        }
        for (; shift >= 0; shift -= 4) {
            add(HEX[number >>> shift & 0xf]);
        }
        return this;
    }

    private void room(int more) {
        if (array.length - size < more) {
            array = Arrays.copyOf(array, Math.max(array.length * 2, Math.addExact(size, more)));
        }
    }
}
