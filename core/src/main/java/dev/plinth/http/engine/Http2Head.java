package dev.plinth.http.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The headers of an HTTP/2 request (RFC 9113, section 8), judged as strictly as those of HTTP/1. What is wrong is kept and
 * told when the request is answered, since the compressed rest has to be read in any case.
 */
final class Http2Head implements HeaderTable.Sink {
    private static final int OVERHEAD = 32;

    private final int maxBytes;
    private final ListenerSettings.Bounds bounds;
    private final List<String> fields = new ArrayList<>(24);
    private int bytes;
    private @Nullable String method;
    private @Nullable String target;
    private @Nullable String scheme;
    private @Nullable String authority;
    private String path = "";
    private String query = "";
    private long length = -1;
    private @Nullable Refused refused;

    /** To be filled with headers of that many bytes at most. */
    Http2Head(int maxBytes, ListenerSettings.Bounds bounds) {
        this.maxBytes = maxBytes;
        this.bounds = bounds;
    }

    /** The request that asked for the upgrade, which is the first of the connection. */
    static Http2Head of(RequestHead head) {
        var all = new Http2Head(Integer.MAX_VALUE, ListenerSettings.Bounds.STANDARD);
        all.method = head.method();
        all.path = head.path();
        all.query = head.query();
        all.length = 0;
        head.eachHeader((name, value) -> {
            if (!name.equals("connection") && !name.equals("upgrade") && !name.equals("http2-settings")) {
                all.fields.add(name);
                all.fields.add(value);
            }
        });
        return all;
    }

    @Override
    public void header(String name, String value) {
        bytes += name.length() + value.length() + OVERHEAD;
        if (bytes > maxBytes || fields.size() == 2 * bounds.maxHeaders()) {
            refused = Refused.headersTooLarge();
        }
        if (refused != null) {
            return;
        }
        for (int i = 0; i < value.length(); i++) {
            if (!Ascii.field(value.charAt(i))) {
                refuse("a header's value holds a control character");
                return;
            }
        }
        if (name.startsWith(":")) {
            pseudo(name, value);
        } else {
            ordinary(name, value);
        }
    }

    private void refuse(String what) {
        if (refused == null) {
            refused = Refused.malformed(what);
        }
    }

    private void pseudo(String name, String value) {
        if (!fields.isEmpty()) {
            refuse("a pseudo-header stands behind a header");
        }
        var before =
                switch (name) {
                    case ":method" -> method;
                    case ":path" -> target;
                    case ":scheme" -> scheme;
                    case ":authority" -> authority;
                    default -> name;
                };
        if (before != null) {
            refuse("a pseudo-header is unknown or comes twice");
        }
        switch (name) {
            case ":method" -> method = value;
            case ":path" -> {
                target = value;
                if (value.length() > bounds.maxLineBytes() && refused == null) {
                    refused = Refused.lineTooLong();
                }
            }
            case ":scheme" -> scheme = value;
            default -> authority = value;
        }
    }

    private void ordinary(String name, String value) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c > 127 || Ascii.token((byte) c) != c) {
                refuse("a header's name is no token in lower case");
                return;
            }
        }
        boolean forbidden =
                switch (name) {
                    case "", "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade" -> true;
                    case "te" -> !value.equals("trailers");
                    default -> false;
                };
        if (forbidden) {
            refuse("the header '" + name + "' has no place in HTTP/2");
        } else if (!value.isEmpty() && (isSpace(value.charAt(0)) || isSpace(value.charAt(value.length() - 1)))) {
            refuse("a header's value begins or ends with a space");
        } else if (name.equals("content-length")) {
            declare(value);
        }
        fields.add(name);
        fields.add(value);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    private void declare(String value) {
        boolean digits = !value.isEmpty() && value.length() <= 18;
        for (int i = 0; i < value.length(); i++) {
            digits &= value.charAt(i) >= '0' && value.charAt(i) <= '9';
        }
        if (!digits || length >= 0) {
            refuse("the Content-Length is no length, or comes twice");
            return;
        }
        length = Long.parseLong(value);
    }

    /**
     * Judges what can be judged only when all headers are there.
     *
     * @param bodiless whether the request ended with its headers
     * @return what to refuse it with; null if it is right
     */
    @Nullable
    Refused judge(boolean bodiless) {
        if (refused == null) {
            if (method == null || scheme == null || target == null || !Ascii.isToken(method)) {
                refuse("a pseudo-header is missing or malformed");
            } else {
                split(target);
            }
            judgeHost();
            if (bodiless && length > 0) {
                refuse("the body is missing");
            }
        }
        if (bodiless) {
            length = 0;
        }
        return refused;
    }

    /** Whether these may stand behind a body. */
    boolean isTrailers() {
        return refused == null && method == null && target == null && scheme == null && authority == null;
    }

    private void split(String whole) {
        int mark = whole.indexOf('?');
        path = mark < 0 ? whole : whole.substring(0, mark);
        query = mark < 0 ? "" : whole.substring(mark + 1);
        if (path.equals("*") && "OPTIONS".equals(method)) {
            return;
        }
        if (!path.startsWith("/") || !Ascii.isPath(path)) {
            refuse("the path holds what must be percent-encoded, or a bad percent-encoding");
        }
        for (int i = 0; i < query.length(); i++) {
            if (query.charAt(i) <= ' ' || query.charAt(i) == '#') {
                refuse("the query holds what must be percent-encoded");
            }
        }
    }

    /** Whoever reads {@code host} is to find it, whichever way it was sent. */
    private void judgeHost() {
        var hosts = headers("host");
        if (authority == null && hosts.isEmpty()) {
            refuse("neither :authority nor Host is there");
        } else if (hosts.size() > 1
                || (authority != null && !hosts.isEmpty() && !hosts.getFirst().equalsIgnoreCase(authority))) {
            refuse("Host is not what :authority is");
        } else if (!RequestHead.isHost(authority != null ? authority : hosts.getFirst())) {
            refuse("the Host header is malformed");
        } else if (hosts.isEmpty()) {
            fields.add("host");
            fields.add(authority);
        }
    }

    String method() {
        return method == null ? "" : method;
    }

    String path() {
        return path;
    }

    String query() {
        return query;
    }

    /** The declared length of the body; -1 if none was declared. */
    long length() {
        return length;
    }

    @Nullable
    String header(String lowerCaseName) {
        var values = headers(lowerCaseName);
        return values.isEmpty() ? null : values.getFirst();
    }

    /** Cookies may come one by one, and are joined (RFC 9113, section 8.2.3). */
    List<String> headers(String lowerCaseName) {
        List<String> values = List.of();
        for (int i = 0; i < fields.size(); i += 2) {
            if (fields.get(i).equals(lowerCaseName)) {
                if (values.isEmpty()) {
                    values = new ArrayList<>(2);
                }
                values.add(fields.get(i + 1));
            }
        }
        return values.size() > 1 && lowerCaseName.equals("cookie") ? List.of(String.join("; ", values)) : values;
    }

    void eachHeader(BiConsumer<String, String> to) {
        boolean cookies = false;
        for (int i = 0; i < fields.size(); i += 2) {
            var name = fields.get(i);
            if (!name.equals("cookie")) {
                to.accept(name, fields.get(i + 1));
            } else if (!cookies) {
                cookies = true;
                to.accept(name, headers(name).getFirst());
            }
        }
    }
}
