package dev.plinth.auth;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a request brings by which its caller may be known. Belongs to the thread of the request. */
public interface Evidence {
    /** All values of a header, by a name in lower case. */
    List<String> headers(String lowerCaseName);

    /** The client's certificates where the listener asked for them and judged them, its own first; else empty. */
    List<X509Certificate> certificates();

    /**
     * What {@code Authorization} says behind that scheme (RFC 9110, section 11.4).
     *
     * @param scheme such as {@code Bearer}, whatever its case
     * @return null where the header isn't there, or is of another scheme
     */
    default @Nullable String authorization(String scheme) {
        var values = headers("authorization");
        if (values.isEmpty()) {
            return null;
        }
        var value = values.getFirst();
        int length = scheme.length();
        if (!value.regionMatches(true, 0, scheme, 0, length)) {
            return null;
        }
        if (value.length() == length) {
            return "";
        }
        return value.charAt(length) == ' ' ? value.substring(length + 1).strip() : null;
    }
}
