package dev.plinth.http.engine;

/** What a handler may say in the headers of an answer. */
final class ResponseHeaders {
    private ResponseHeaders() {}

    /**
     * Checks one.
     *
     * @throws IllegalArgumentException as {@link Exchange#responseHeader} says
     */
    static void check(String name, String value) {
        if (!Ascii.isToken(name)) {
            throw new IllegalArgumentException(
                    "response header name '" + printable(name) + "' (expected: letters, digits and !#$%&'*+-.^_`|~)");
        }
        if (isEngines(name)) {
            throw new IllegalArgumentException(
                    "response header '" + name + "' is written by the engine. Leave it out.");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c > 0xff || !Ascii.field(c)) {
                throw new IllegalArgumentException("response header '" + name + "' holds U+"
                        + java.util.HexFormat.of().withUpperCase().toHexDigits(c) + " at " + i
                        + ", which a header can't carry. Encode it.");
            }
        }
    }

    private static boolean isEngines(String name) {
        return switch (name.length()) {
            case 4 -> name.equalsIgnoreCase("Date");
            case 7 -> name.equalsIgnoreCase("Upgrade");
            case 10 -> name.equalsIgnoreCase("Connection") || name.equalsIgnoreCase("Keep-Alive");
            case 14 -> name.equalsIgnoreCase("Content-Length");
            case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
            default -> false;
        };
    }

    private static String printable(String name) {
        return name.replaceAll("[^ -~]", "?");
    }
}
