package dev.plinth.cli;

/** The smallest program that can be trained: it says what it was asked, and fails where it was asked to. */
final class Trainee {
    private Trainee() {}

    public static void main(String[] arguments) {
        System.out.println(String.join(" ", arguments));
        if (arguments.length > 1 && arguments[1].equals("fail")) {
            System.exit(3);
        }
    }
}
