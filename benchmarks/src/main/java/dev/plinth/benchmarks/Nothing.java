package dev.plinth.benchmarks;

/** Does nothing, for what a JVM costs by itself. */
public final class Nothing {
    private Nothing() {}

    /** Anything. */
    public static void main(String[] arguments) {
        System.out.println("0 0");
    }
}
