package dev.plinth.schema;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A block of IP addresses in the notation of CIDR (RFC 4632): {@code 10.0.0.0/8}, {@code fd00::/8}, or one address alone.
 * Immutable.
 *
 * @param address its first address
 * @param prefix how many bits all of them have in common
 */
public record AddressBlock(InetAddress address, int prefix) {
    public AddressBlock {
        int most = 8 * address.getAddress().length;
        if (prefix < 0 || prefix > most) {
            throw new IllegalArgumentException("prefix " + prefix + " (expected: 0.." + most + ")");
        }
        if (!masked(address, prefix).equals(address)) {
            throw new IllegalArgumentException("'" + text(address, prefix)
                    + "' has bits behind its prefix (did you mean " + text(masked(address, prefix), prefix) + "?)");
        }
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is none, or has bits behind its prefix
     */
    public static AddressBlock parse(String text) {
        int slash = text.indexOf('/');
        var address = address(slash < 0 ? text : text.substring(0, slash));
        var bits = slash < 0 ? "" : text.substring(slash + 1);
        int most = address == null ? 0 : 8 * address.getAddress().length;
        if (address == null
                || (slash >= 0 && !bits.matches("[0-9]{1,3}"))
                || (!bits.isEmpty() && Integer.parseInt(bits) > most)) {
            throw new IllegalArgumentException("'" + text + "' is not an address block (expected: "
                    + TextParser.expected(AddressBlock.class) + ")");
        }
        return new AddressBlock(address, bits.isEmpty() ? most : Integer.parseInt(bits));
    }

    /** The address that a text is, without ever asking anybody; null if it is none. */
    public static @Nullable InetAddress address(String text) {
        // The JDK also takes 10.1 and 1, and a zone behind a percent sign.
        if (!text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|(?=.*:)[0-9A-Fa-f:.]{2,45}")) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    /** Whether an address is one of them. */
    public boolean contains(InetAddress other) {
        return other.getAddress().length == address.getAddress().length
                && Arrays.equals(masked(other, prefix).getAddress(), address.getAddress());
    }

    private static InetAddress masked(InetAddress address, int prefix) {
        var bytes = address.getAddress();
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.clamp(prefix - 8L * i, 0, 8);
            bytes[i] &= (byte) (0xff << (8 - kept));
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException never) {
            throw new IllegalStateException(never);
        }
    }

    private static String text(InetAddress address, int prefix) {
        return address.getHostAddress() + "/" + prefix;
    }

    /** As it is read. */
    @Override
    public String toString() {
        return text(address, prefix);
    }
}
