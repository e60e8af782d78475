package dev.plinth.benchmarks;

import java.nio.file.Path;
import java.util.List;

/** Ours against another, in turn, on this machine. */
interface Comparison {
    /** What it is asked for by. */
    String name();

    /** What it measures, in a line. */
    String description();

    /**
     * Runs it.
     *
     * @param folder for what it makes; empty
     * @param quick whether to run as little as shows that it works, for no verdict
     */
    List<Figure> run(Path folder, boolean quick) throws Exception;
}
