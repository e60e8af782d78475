package dev.plinth.config;

/** The names of encrypted values: {@code enc_password} stands for {@code password}. */
final class Encrypted {
    static final String NO_TOKEN = "keys and values, or a list (expected: one token, as plinth encrypt prints it)";

    private Encrypted() {}

    /** Whether a key says that its value is a token. */
    static boolean isPrefixed(String name) {
        return name.length() > 4 && (name.startsWith("enc_") || name.startsWith("enc-"));
    }
}
