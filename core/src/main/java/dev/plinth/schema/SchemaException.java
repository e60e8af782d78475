package dev.plinth.schema;

import java.util.List;

/**
 * A type that can't be described: a mistake in the program, told when the schema is built and not when the first value
 * comes.
 *
 * <p>It names all {@link #faults()} of the record and of the records within it at once, each as {@code
 * com.acme.Order.quantity: what is wrong (expected: what would be right)}.
 */
public final class SchemaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;

    SchemaException(String subject, List<String> faults) {
        super(message(subject, faults));
        this.faults = List.copyOf(faults);
    }

    private static String message(String subject, List<String> faults) {
        var text = new StringBuilder(subject)
                .append(faults.size() == 1 ? " has a fault in its declaration:" : " has faults in its declaration:");
        for (var fault : faults) {
            text.append("\n  ").append(fault);
        }
        return text.toString();
    }

    /** One line per fault. */
    public List<String> faults() {
        return faults;
    }
}
