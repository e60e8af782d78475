package dev.plinth.http.engine;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A request of HTTP/1 made at random, with at most one thing wrong with it, and what must become of it. The rules here are
 * written from RFC 9110 and 9112, and know nothing of the parser's.
 */
final class FuzzedRequest {
    /** What must become of a request. */
    enum Outcome {
        /** It is answered as it was meant, and the connection is kept. */
        KEPT,
        /** It is answered as it was meant, and the connection is closed. */
        CLOSED,
        /** It is refused with one of the statuses, and nothing behind it is looked at. */
        REFUSED,
        /** It is refused or answered, but never hangs and never breaks the server. */
        ANY
    }

    static final int MAX_HEAD = 16 * 1024;
    static final int MAX_BODY = 64 * 1024;
    private static final String TOKEN = "abcXYZ019!#$%&'*+-.^_`|~";
    private static final String PATH = "abcXYZ019-._~!$&'()*+,;=:@";
    private static final String FORBIDDEN_IN_NAMES = " \"(),/;<=>?@[\\]{}\u0001\u007f\u00e4";

    final String what;
    final Outcome outcome;
    final List<Integer> statuses;
    final byte[] bytes;
    final String method;
    final String target;
    final byte[] body;

    private FuzzedRequest(Maker maker, byte[] bytes) {
        what = maker.what;
        outcome = maker.outcome;
        statuses = maker.statuses;
        this.bytes = bytes;
        method = maker.method;
        target = maker.target;
        body = maker.body;
    }

    static FuzzedRequest make(Random random) {
        var maker = new Maker(random);
        return new FuzzedRequest(maker, maker.make());
    }

    private static final class Maker {
        private final Random random;
        private String what = "right";
        private Outcome outcome = Outcome.KEPT;
        private List<Integer> statuses = List.of();
        private String method;
        private String target;
        private byte[] body = new byte[0];
        private String line = "";
        private String version = "HTTP/1.1";
        private final List<String> headers = new ArrayList<>();
        private byte[] framed = new byte[0];
        private boolean chunked;

        Maker(Random random) {
            this.random = random;
            method = oneOf("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", text(TOKEN, 1, 12));
            target = target();
        }

        byte[] make() {
            headers.add("Host: " + oneOf("a", "a.example:80", "127.0.0.1", "[::1]:8080", "xn--bcher-kva.example"));
            for (int i = random.nextInt(6); i > 0; i--) {
                headers.add(header());
            }
            body();
            int choice = random.nextInt(100);
            if (choice < 35) {
                harmless();
            } else if (choice < 60) {
                wrongHead();
            } else if (choice < 75) {
                wrongFraming();
            } else if (choice < 85) {
                wrongChunks();
            } else if (choice < 92) {
                tooMuch();
            }
            var all = new ByteArrayOutputStream();
            if (line.isEmpty()) {
                line = method + " " + target + " " + version;
            }
            all.writeBytes(bytes(line + "\r\n"));
            for (var header : headers) {
                all.writeBytes(bytes(header + "\r\n"));
            }
            all.writeBytes(bytes("\r\n"));
            all.writeBytes(framed);
            var whole = all.toByteArray();
            return choice >= 97 ? mutated(whole) : whole;
        }

        // ---- parts ------------------------------------------------------------------------------------------------

        private String oneOf(String... choices) {
            return choices[random.nextInt(choices.length)];
        }

        private char in(String letters) {
            return letters.charAt(random.nextInt(letters.length()));
        }

        private String text(String letters, int least, int most) {
            var text = new StringBuilder();
            for (int i = least + random.nextInt(most - least + 1); i > 0; i--) {
                text.append(in(letters));
            }
            return text.toString();
        }

        private String target() {
            var target = new StringBuilder();
            do {
                target.append('/').append(text(PATH, 0, 8));
                if (random.nextInt(4) == 0) {
                    target.append('%').append(in("01234567")).append(in("0123456789abcdefABCDEF"));
                }
            } while (random.nextInt(3) > 0);
            if (random.nextInt(3) == 0) {
                target.append('?').append(text(PATH + "/?%", 0, 20));
            }
            return target.toString();
        }

        private String header() {
            var value = text("abc XYZ,;=\"()\t\u00e4\u00ff", 0, 20).strip();
            return "X-" + text("abcXYZ019-_", 1, 10) + ":" + oneOf("", " ", "\t", "  ") + value + oneOf("", " ", "\t");
        }

        private void body() {
            if (random.nextBoolean()) {
                return;
            }
            body = new byte[random.nextInt(300)];
            random.nextBytes(body);
            if (random.nextBoolean()) {
                headers.add(
                        1 + random.nextInt(headers.size()), oneOf("Content-Length: ", "content-length:") + body.length);
                framed = body;
            } else {
                headers.add(
                        1 + random.nextInt(headers.size()),
                        oneOf("Transfer-Encoding: chunked", "tRANSFER-eNCODING: CHUNKED"));
                framed = chunks("\r\n", "");
                chunked = true;
            }
        }

        private byte[] chunks(String end, String trailers) {
            var all = new ByteArrayOutputStream();
            for (int at = 0; at < body.length; ) {
                int n = Math.min(body.length - at, 1 + random.nextInt(100));
                var size = Integer.toHexString(n);
                all.writeBytes(bytes(oneOf("", "0", "00")
                        + (random.nextBoolean() ? size : size.toUpperCase(java.util.Locale.ROOT))));
                all.writeBytes(bytes(oneOf("", "", ";x", ";x=1", " ;x=\"y\"") + end));
                all.write(body, at, n);
                all.writeBytes(bytes(end));
                at += n;
            }
            all.writeBytes(bytes("0" + end + trailers + end));
            return all.toByteArray();
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }

        private void refused(String why, Integer... with) {
            what = why;
            outcome = Outcome.REFUSED;
            statuses = List.of(with);
        }

        private void replaceFraming(String... with) {
            headers.removeIf(header ->
                    header.toLowerCase(java.util.Locale.ROOT).matches("(content-length|transfer-encoding):.*"));
            for (var header : with) {
                headers.add(1 + random.nextInt(headers.size()), header);
            }
        }

        // ---- what may be different and is right -------------------------------------------------------------------

        private void harmless() {
            switch (random.nextInt(8)) {
                case 0 -> {
                    what = "an empty line before it";
                    line = "\r\n" + method + " " + target + " " + version;
                }
                case 1 -> {
                    what = "an absolute target";
                    var host = headers.getFirst().substring("Host: ".length());
                    line = method + " " + oneOf("http://", "https://", "HTTP://") + host + target + " " + version;
                }
                case 2 -> {
                    what = "the connection is to be closed";
                    outcome = Outcome.CLOSED;
                    headers.add(oneOf("Connection: close", "connection: x, CLOSE", "Connection: keep-alive, close"));
                }
                case 3 -> {
                    if (!chunked) {
                        what = "HTTP/1.0";
                        outcome = Outcome.CLOSED;
                        version = "HTTP/1.0";
                        headers.removeIf(header -> header.startsWith("Host") && random.nextBoolean());
                    }
                }
                case 4 -> {
                    what = "trailers";
                    replaceFraming("Transfer-Encoding: chunked");
                    framed = chunks("\r\n", "X-Sum: 1\r\nY:\r\n");
                }
                case 5 -> {
                    what = "many headers";
                    while (headers.size() < 100) {
                        headers.add("X: y");
                    }
                }
                case 6 -> {
                    what = "a long header";
                    headers.add("X-Long: " + "v".repeat(10_000));
                }
                default -> {
                    what = "nothing about it";
                }
            }
        }

        // ---- what is wrong ----------------------------------------------------------------------------------------

        private void wrongHead() {
            int any = random.nextInt(headers.size());
            switch (random.nextInt(20)) {
                case 0 -> {
                    refused("a bare line feed", 400);
                    headers.set(any, headers.get(any) + "\nX: y");
                }
                case 1 -> {
                    refused("a bare carriage return", 400);
                    headers.set(any, headers.get(any) + "\rX: y");
                }
                case 2 -> {
                    refused("a control character in a value", 400);
                    headers.add("X: a" + in("\0\u0001\b\u000b\f\u001b\u007f") + "b");
                }
                case 3 -> {
                    refused("a space before the colon", 400);
                    headers.add("X-A" + in(" \t") + ": 1");
                }
                case 4 -> {
                    refused("a bad name", 400);
                    headers.add("X" + in(FORBIDDEN_IN_NAMES) + "A: 1");
                }
                case 5 -> {
                    refused("no name", 400);
                    headers.add(oneOf(": 1", "no colon at all", ":"));
                }
                case 6 -> {
                    refused("a folded header", 400);
                    headers.add(1, in(" \t") + "folded");
                }
                case 7 -> {
                    refused("two hosts", 400);
                    headers.add(oneOf("Host: b", "host: a", headers.getFirst()));
                }
                case 8 -> {
                    refused("no host", 400);
                    headers.removeFirst();
                }
                case 9 -> {
                    refused("a bad host", 400);
                    headers.set(0, "Host: " + oneOf("", "a b", "a/b", "a@b", "a:x", "[::1", "a#", "a\"", ":80"));
                }
                case 10 -> {
                    refused("another host in the target", 400);
                    line = method + " http://other.example" + target + " " + version;
                }
                case 11 -> {
                    refused("a target that must be encoded", 400);
                    target = "/a" + in("\"<>\\^`{|}\u00e4\u00ff[]#") + "b";
                }
                case 12 -> {
                    refused("a bad percent-encoding", 400);
                    target = "/a" + oneOf("%", "%2", "%zz", "%%20", "%u0041", "%2/x");
                }
                case 13 -> {
                    refused("a target of another kind", 400);
                    target = oneOf("a", "ftp://a/", "a:80", "ws://a/", "http:/a");
                    headers.set(0, "Host: a");
                }
                case 14 -> {
                    refused("a bad request line", 400);
                    line = oneOf(
                            method + "  " + target + " " + version,
                            method + " " + target + "  " + version,
                            method + "\t" + target + "\t" + version,
                            method + " " + target,
                            method + " " + target + " " + version + " ",
                            method + " " + target + " " + version + " x",
                            " " + method + " " + target + " " + version,
                            method + " " + target + " http/1.1",
                            method + " " + target + " HTTP/1",
                            method + " " + target + " HTTP/11",
                            method + " " + target + " HTTP/1.1\rX: y",
                            method);
                }
                case 15 -> {
                    refused("a version that isn't spoken", 505);
                    version = oneOf("HTTP/2.0", "HTTP/0.9", "HTTP/3.0", "HTTP/1.2", "HTTP/1.9");
                }
                case 16 -> {
                    refused("a method that is no token", 400);
                    method = "G" + in(FORBIDDEN_IN_NAMES.substring(1)) + "T";
                }
                case 17 -> {
                    refused("a fragment", 400);
                    target = "/a?b#c";
                }
                case 18 -> {
                    refused("a control character in the target", 400);
                    target = "/a" + in("\0\u0001\u001b\u007f\t") + "b";
                }
                default -> {
                    refused("no HTTP at all", 400);
                    line = oneOf("\u0016\u0003\u0001", "\0\0\0", "{\"a\":1}", "\u00ff", "<xml/>", "\"");
                    headers.clear();
                }
            }
        }

        private void wrongFraming() {
            framed = bytes("0\r\n\r\n");
            switch (random.nextInt(7)) {
                case 0 -> {
                    refused("a length and chunks", 400);
                    replaceFraming("Content-Length: 5", "Transfer-Encoding: chunked");
                }
                case 1 -> {
                    refused("two lengths", 400);
                    replaceFraming("Content-Length: 5", "Content-Length: " + oneOf("5", "6", "0"));
                }
                case 2 -> {
                    refused("a length that is none", 400);
                    replaceFraming("Content-Length: "
                            + oneOf(
                                    "",
                                    "-1",
                                    "+5",
                                    "0x5",
                                    "5,5",
                                    "5 5",
                                    "5.0",
                                    "5a",
                                    "99999999999999999999",
                                    "\u00b2"));
                }
                case 3 -> {
                    refused("chunks that are not the last coding", 400);
                    replaceFraming("Transfer-Encoding: "
                            + oneOf("xchunked", "chunkedx", "gzip", "chunked, gzip", "", "\"chunked\"", "chunked;x"));
                }
                case 4 -> {
                    refused("a coding that isn't known", 501);
                    replaceFraming("Transfer-Encoding: " + oneOf("gzip, chunked", "x,chunked", "deflate , CHUNKED"));
                }
                case 5 -> {
                    refused("two codings", 400);
                    replaceFraming(
                            "Transfer-Encoding: chunked", "Transfer-Encoding: " + oneOf("chunked", "identity", "gzip"));
                }
                default -> {
                    refused("chunks in HTTP/1.0", 400);
                    version = "HTTP/1.0";
                    replaceFraming("Transfer-Encoding: chunked");
                }
            }
        }

        private void wrongChunks() {
            refused("bad chunks", 400);
            replaceFraming("Transfer-Encoding: chunked");
            framed = bytes(
                    switch (random.nextInt(6)) {
                        case 0 -> oneOf("x", "-1", "+1", "0x1", "", " 1", "g", "\u00b2") + "\r\na\r\n0\r\n\r\n";
                        case 1 -> "1\r\na" + oneOf("\n", "\r", "b\r\n", "", "  \r\n") + "0\r\n\r\n";
                        case 2 -> "1" + oneOf("\n", "\r", ",\r\n", "\0\r\n", "/\r\n") + "a\r\n0\r\n\r\n";
                        case 3 -> "1".repeat(16 + random.nextInt(100)) + "\r\na\r\n0\r\n\r\n";
                        case 4 ->
                            "0\r\n" + oneOf(": x", "a b: x", "no colon", " folded: x", "X: a\0b", "X: y\rZ: z")
                                    + "\r\n\r\n";
                        default -> "1;x=" + oneOf("\0", "\u0001", "a\nb") + "\r\na\r\n0\r\n\r\n";
                    });
        }

        private void tooMuch() {
            switch (random.nextInt(6)) {
                case 0 -> {
                    refused("a request line that is too long", 414);
                    target = "/" + "a".repeat(MAX_HEAD + random.nextInt(1000));
                }
                case 1 -> {
                    refused("a header that is too large", 431);
                    headers.add("X: " + "v".repeat(MAX_HEAD));
                }
                case 2 -> {
                    refused("too many headers", 431);
                    while (headers.size() <= 100) {
                        headers.add("X: y");
                    }
                }
                case 3 -> {
                    refused("a body that is declared too large", 413);
                    replaceFraming("Content-Length: " + oneOf("65537", "999999999", "999999999999999999"));
                    framed = bytes("some of it");
                }
                case 4 -> {
                    refused("chunks that are too large", 413);
                    replaceFraming("Transfer-Encoding: chunked");
                    framed = bytes(oneOf("10001", "7fffffff", "ffffffff", "fffffffffffffff") + "\r\nsome of it");
                }
                default -> {
                    refused("trailers or extensions without end", 400);
                    replaceFraming("Transfer-Encoding: chunked");
                    framed = bytes(
                            random.nextBoolean()
                                    ? "1;" + "x".repeat(9000) + "\r\na\r\n0\r\n\r\n"
                                    : "0\r\n" + "X: y\r\n".repeat(3000) + "\r\n");
                }
            }
        }

        private byte[] mutated(byte[] whole) {
            what = "bytes changed at random, " + what;
            outcome = Outcome.ANY;
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                whole[random.nextInt(whole.length)] = (byte) random.nextInt();
            }
            return whole;
        }
    }
}
