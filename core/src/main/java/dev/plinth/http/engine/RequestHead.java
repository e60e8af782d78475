package dev.plinth.http.engine;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The request line and headers of an HTTP/1 request (RFC 9112), parsed strictly: whatever two readers might understand
 * in two ways is refused.
 *
 * <p>Lines end in CRLF and nothing else; one space between the parts of the request line; no folded headers, no space
 * before a colon; one Host that agrees with an absolute target; a length or chunks, never both, and once.
 */
final class RequestHead {
    private final byte[] bytes;
    private final int maxHeaders;
    /** Begin and end of a name, begin and end of its value, for each header. */
    private int[] fields = new int[16 * 4];

    private int count;
    private String method = "";
    private String path = "";
    private String query = "";
    private boolean http10;
    /** What an absolute target names; it has to be what Host says. */
    private @Nullable String absoluteHost;

    private RequestHead(byte[] bytes, int maxHeaders) {
        this.bytes = bytes;
        this.maxHeaders = maxHeaders;
    }

    /** Reads the next one; null if the client ends the connection within it. */
    static @Nullable RequestHead read(Connection from, int maxBytes, ListenerSettings.Bounds bounds, long until)
            throws IOException {
        int length = awaitEnd(from, maxBytes, bounds.maxLineBytes(), until);
        if (length < 0) {
            return null;
        }
        var head =
                new RequestHead(Arrays.copyOfRange(from.bytes, from.start, from.start + length), bounds.maxHeaders());
        from.start += length;
        head.parse();
        return head;
    }

    /** Waits for the empty line; the length up to its end, -1 if the input ends before. */
    private static int awaitEnd(Connection from, int maxBytes, int maxLine, long until) throws IOException {
        int at = 0;
        int line = 0;
        int lines = 0;
        while (true) {
            for (; from.start + at < from.end; at++) {
                if (from.bytes[from.start + at] != '\n') {
                    continue;
                }
                if (at == line || from.bytes[from.start + at - 1] != '\r') {
                    throw Refused.malformed("a line does not end in CRLF");
                }
                if (at - 1 > line) {
                    if (lines == 0 && at - 1 - line > maxLine) {
                        throw Refused.lineTooLong();
                    }
                    lines++;
                } else if (lines > 0 && at < maxBytes) {
                    return at + 1;
                }
                // An empty line before the request line is skipped (RFC 9112, section 2.2).
                line = at + 1;
            }
            if (at > 0 && Ascii.token(from.bytes[from.start]) == 0 && from.bytes[from.start] != '\r') {
                throw Refused.malformed("this is not HTTP");
            }
            if (lines == 0 && at - line > maxLine) {
                throw Refused.lineTooLong();
            }
            if (at >= maxBytes) {
                throw lines == 0 ? Refused.lineTooLong() : Refused.headersTooLarge();
            }
            try {
                if (from.fill(until) < 0) {
                    return -1;
                }
            } catch (SocketTimeoutException tooSlow) {
                throw Refused.tooSlow();
            }
        }
    }

    private void parse() throws Refused {
        int at = 0;
        while (bytes[at] == '\r' && bytes[at + 1] == '\n') {
            at += 2;
        }
        at = parseLine(at);
        while (at + 2 < bytes.length) {
            at = parseHeader(at);
        }
        checkHost();
    }

    private int parseLine(int begin) throws Refused {
        int at = begin;
        while (Ascii.token(bytes[at]) != 0) {
            at++;
        }
        if (at == begin || bytes[at] != ' ') {
            throw Refused.malformed("the method is no token");
        }
        method = text(begin, at);
        int target = ++at;
        while (bytes[at] > ' ' && bytes[at] != 0x7f) {
            at++;
        }
        if (at == target || bytes[at] != ' ') {
            throw Refused.malformed("the request line is malformed");
        }
        int version = at + 1;
        int end = version;
        while (bytes[end] != '\r') {
            end++;
        }
        checkVersion(version, end);
        parseTarget(target, at);
        if (bytes[end + 1] != '\n') {
            throw Refused.malformed("a carriage return inside the request line");
        }
        return end + 2;
    }

    private void checkVersion(int begin, int end) throws Refused {
        boolean isHttp = end - begin == 8
                && bytes[begin] == 'H'
                && bytes[begin + 1] == 'T'
                && bytes[begin + 2] == 'T'
                && bytes[begin + 3] == 'P'
                && bytes[begin + 4] == '/'
                && isDigit(bytes[begin + 5])
                && bytes[begin + 6] == '.'
                && isDigit(bytes[begin + 7]);
        if (!isHttp) {
            throw Refused.malformed("the request line is malformed");
        }
        http10 = bytes[begin + 7] == '0';
        if (bytes[begin + 5] != '1' || (!http10 && bytes[begin + 7] != '1')) {
            throw Refused.version();
        }
    }

    private static boolean isDigit(byte octet) {
        return octet >= '0' && octet <= '9';
    }

    /** Takes the origin form, the absolute form, and the asterisk of OPTIONS. */
    private void parseTarget(int begin, int end) throws Refused {
        if (bytes[begin] == '*' && end - begin == 1 && method.equals("OPTIONS")) {
            path = "*";
            return;
        }
        int at = begin;
        if (bytes[begin] != '/') {
            int authority = authority(begin, end);
            at = authority;
            while (at < end && bytes[at] != '/' && bytes[at] != '?' && bytes[at] != '#') {
                at++;
            }
            absoluteHost = text(authority, at);
        }
        int pathBegin = at;
        while (at < end && bytes[at] != '?') {
            at++;
        }
        path = at == pathBegin ? "/" : text(pathBegin, at);
        if (!Ascii.isPath(path)) {
            throw Refused.malformed("the path holds what must be percent-encoded, or a bad percent-encoding");
        }
        if (at < end) {
            query = text(at + 1, end);
            if (query.indexOf('#') >= 0) {
                throw Refused.malformed("the target holds a fragment");
            }
        }
    }

    private int authority(int begin, int end) throws Refused {
        var target = text(begin, end);
        for (var scheme : new String[] {"http://", "https://"}) {
            if (target.regionMatches(true, 0, scheme, 0, scheme.length())) {
                return begin + scheme.length();
            }
        }
        throw Refused.malformed("the target is neither a path nor an absolute http URI");
    }

    private int parseHeader(int begin) throws Refused {
        if (count == maxHeaders) {
            throw Refused.headersTooLarge();
        }
        int at = begin;
        for (byte lower; (lower = Ascii.token(bytes[at])) != 0; at++) {
            bytes[at] = lower;
        }
        if (at == begin || bytes[at] != ':') {
            throw Refused.malformed("a header's name is no token, or not followed by a colon");
        }
        int nameEnd = at++;
        while (bytes[at] == ' ' || bytes[at] == '\t') {
            at++;
        }
        int value = at;
        while (Ascii.field(bytes[at])) {
            at++;
        }
        if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
            throw Refused.malformed("a header's value holds a control character");
        }
        int valueEnd = at;
        while (valueEnd > value && (bytes[valueEnd - 1] == ' ' || bytes[valueEnd - 1] == '\t')) {
            valueEnd--;
        }
        int field = 4 * count++;
        if (field == fields.length) {
            fields = Arrays.copyOf(fields, field * 2);
        }
        fields[field] = begin;
        fields[field + 1] = nameEnd;
        fields[field + 2] = value;
        fields[field + 3] = valueEnd;
        return at + 2;
    }

    private void checkHost() throws Refused {
        int field = find("host", 0);
        if (field < 0) {
            if (!http10) {
                throw Refused.malformed("the Host header is missing");
            }
            return;
        }
        if (find("host", field + 4) >= 0) {
            throw Refused.malformed("there are two Host headers");
        }
        var host = value(field);
        if (!isHost(host)) {
            throw Refused.malformed("the Host header is malformed");
        }
        if (absoluteHost != null && !absoluteHost.equalsIgnoreCase(host)) {
            throw Refused.malformed("the Host header is not that of the target");
        }
    }

    /** A name or an address, in brackets for IPv6, and perhaps a port. */
    static boolean isHost(String host) {
        int at = 0;
        if (host.startsWith("[")) {
            at = host.indexOf(']') + 1;
            for (int i = 1; i < at - 1; i++) {
                if (Ascii.hex(host.charAt(i)) < 0 && host.charAt(i) != ':' && host.charAt(i) != '.') {
                    return false;
                }
            }
        } else {
            while (at < host.length() && Ascii.host((byte) host.charAt(at))) {
                at++;
            }
        }
        boolean named = at > 0;
        if (at < host.length() && host.charAt(at) == ':') {
            do {
                at++;
            } while (at < host.length() && host.charAt(at) >= '0' && host.charAt(at) <= '9');
        }
        return named && at == host.length();
    }

    String method() {
        return method;
    }

    String path() {
        return path;
    }

    String query() {
        return query;
    }

    boolean http10() {
        return http10;
    }

    @Nullable
    String header(String lowerCaseName) {
        int field = find(lowerCaseName, 0);
        return field < 0 ? null : value(field);
    }

    List<String> headers(String lowerCaseName) {
        int field = find(lowerCaseName, 0);
        if (field < 0) {
            return List.of();
        }
        var values = new ArrayList<String>(2);
        for (; field >= 0; field = find(lowerCaseName, field + 4)) {
            values.add(value(field));
        }
        return values;
    }

    void eachHeader(BiConsumer<String, String> to) {
        for (int field = 0; field < 4 * count; field += 4) {
            to.accept(text(fields[field], fields[field + 1]), value(field));
        }
    }

    /** Whether a header that is a list of tokens has that one, in any case. */
    boolean hasToken(String lowerCaseName, String token) {
        for (int field = find(lowerCaseName, 0); field >= 0; field = find(lowerCaseName, field + 4)) {
            var list = value(field);
            for (int begin = 0; begin <= list.length(); ) {
                int comma = list.indexOf(',', begin);
                int end = comma < 0 ? list.length() : comma;
                if (list.substring(begin, end).strip().equalsIgnoreCase(token)) {
                    return true;
                }
                begin = end + 1;
            }
        }
        return false;
    }

    /**
     * The length of the body: 0 where there is none, -1 where it comes in chunks (RFC 9112, section 6.3).
     *
     * @throws Refused if that can be understood in more than one way
     */
    long bodyLength() throws Refused {
        int coding = find("transfer-encoding", 0);
        int length = find("content-length", 0);
        if (coding >= 0) {
            if (length >= 0) {
                throw Refused.malformed("there are both a Content-Length and a Transfer-Encoding");
            }
            if (http10 || find("transfer-encoding", coding + 4) >= 0) {
                throw Refused.malformed("the Transfer-Encoding is ambiguous");
            }
            var value = value(coding);
            if (value.equalsIgnoreCase("chunked")) {
                return -1;
            }
            var last = value.substring(value.lastIndexOf(',') + 1).strip();
            throw last.equalsIgnoreCase("chunked")
                    ? Refused.unknownCoding()
                    : Refused.malformed("the last transfer coding is not chunked");
        }
        if (length < 0) {
            return 0;
        }
        if (find("content-length", length + 4) >= 0) {
            throw Refused.malformed("there are two Content-Length headers");
        }
        int begin = fields[length + 2];
        int end = fields[length + 3];
        if (begin == end || end - begin > 18) {
            throw Refused.malformed("the Content-Length is no length");
        }
        long number = 0;
        for (int i = begin; i < end; i++) {
            if (!isDigit(bytes[i])) {
                throw Refused.malformed("the Content-Length is no length");
            }
            number = number * 10 + bytes[i] - '0';
        }
        return number;
    }

    private int find(String lowerCaseName, int from) {
        int length = lowerCaseName.length();
        next:
        for (int field = from; field < 4 * count; field += 4) {
            int begin = fields[field];
            if (fields[field + 1] - begin != length) {
                continue;
            }
            for (int i = 0; i < length; i++) {
                if (bytes[begin + i] != lowerCaseName.charAt(i)) {
                    continue next;
                }
            }
            return field;
        }
        return -1;
    }

    private String value(int field) {
        return text(fields[field + 2], fields[field + 3]);
    }

    private String text(int begin, int end) {
        return new String(bytes, begin, end - begin, StandardCharsets.ISO_8859_1);
    }
}
