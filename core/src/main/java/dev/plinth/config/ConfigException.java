package dev.plinth.config;

import java.util.List;

/**
 * The configuration is wrong: everything that is, at once.
 *
 * <p>The message is meant for a person and complete: a heading and one line for each problem, in the order of the files
 * and their lines. Nothing has been opened or started when it is thrown.
 */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // an exception is serializable by inheritance; nobody serializes this one
    private final List<ConfigProblem> problems;

    /**
     * Joins {@code problems}, in their order.
     *
     * @throws IllegalArgumentException if there are none
     */
    public ConfigException(List<ConfigProblem> problems) {
        super(text(problems));
        this.problems = List.copyOf(problems);
    }

    /** Every problem, in the order of the message. */
    public List<ConfigProblem> problems() {
        return problems;
    }

    /** What the process exits with: 78, {@code EX_CONFIG} of {@code sysexits.h}. */
    public int exitCode() {
        return 78;
    }

    private static String text(List<ConfigProblem> problems) {
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("no problem");
        }
        var text = new StringBuilder(subject(problems)).append(" has ");
        text.append(problems.size() == 1 ? "a problem:" : problems.size() + " problems:");
        for (var problem : problems) {
            text.append("\n  ").append(problem);
        }
        return text.toString();
    }

    /** The file, where they are all in one. */
    private static String subject(List<ConfigProblem> problems) {
        var first = problems.getFirst().origin();
        for (var problem : problems) {
            if (!problem.origin().isWritten() || !problem.origin().name().equals(first.name())) {
                return "The configuration";
            }
        }
        return first.at(0, 0).toString();
    }
}
