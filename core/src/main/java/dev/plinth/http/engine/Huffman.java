package dev.plinth.http.engine;

/**
 * The Huffman code of header compression (RFC 7541, appendix B). It is canonical: the lengths of the codes, in the order of
 * the octets, are the whole of it.
 */
final class Huffman {
    private static final int SHORTEST = 5;
    private static final int LONGEST = 30;
    private static final int END = 256;

    /** The lengths, {@code A} for 5 bits. */
    private static final String LENGTHS = "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXX" + "BFFHIBDGFFDGDBBBAAABBBBBBBCDKBHF"
            + "IBCCCCCCCCCCCCCCCCCCCCCCDCDIOIJB" + "KABABABBBACCBBBABCBAABCCCCCKGJIX"
            + "PRPPRRRSRSSSSSTSTTRSTSSSSQRSRSST" + "RQPRRSSQSRRTQRSSQQRQSRSSPRRRSRRS"
            + "VVPORSRUVVVWWVTUOQVWWVWTQQVVXWWW" + "PTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWV";

    /** By the length of a code: the first one, how many there are, and where their octets begin in {@link #OCTETS}. */
    private static final int[] FIRST = new int[LONGEST + 1];

    private static final int[] COUNT = new int[LONGEST + 1];
    private static final int[] BEGIN = new int[LONGEST + 1];
    private static final short[] OCTETS = new short[END + 1];

    static {
        int code = 0;
        int placed = 0;
        for (int length = SHORTEST; length <= LONGEST; length++) {
            FIRST[length] = code;
            BEGIN[length] = placed;
            for (int octet = 0; octet <= END; octet++) {
                if (length(octet) == length) {
                    OCTETS[placed++] = (short) octet;
                }
            }
            COUNT[length] = placed - BEGIN[length];
            code = (code + COUNT[length]) << 1;
        }
    }

    private Huffman() {}

    private static int length(int octet) {
        return octet == END ? LONGEST : LENGTHS.charAt(octet) - 'A' + SHORTEST;
    }

    /**
     * The octets that {@code count} bytes stand for, as ISO 8859-1.
     *
     * @return null if they are no code, hold its end mark, or are filled up with anything but fewer than 8 ones
     */
    static @org.jspecify.annotations.Nullable String decode(byte[] from, int begin, int count) {
        var text = new StringBuilder(count + count / 2);
        int code = 0;
        int length = 0;
        for (int at = begin; at < begin + count; at++) {
            for (int bit = 7; bit >= 0; bit--) {
                code = (code << 1) | (from[at] >> bit & 1);
                length++;
                if (length < SHORTEST) {
                    continue;
                }
                int place = code - FIRST[length];
                if (place < COUNT[length]) {
                    int octet = OCTETS[BEGIN[length] + place];
                    if (octet == END) {
                        return null;
                    }
                    text.append((char) octet);
                    code = 0;
                    length = 0;
                } else if (length == LONGEST) {
                    return null;
                }
            }
        }
        boolean filledWithOnes = length < 8 && code == (1 << length) - 1;
        return filledWithOnes ? text.toString() : null;
    }
}
