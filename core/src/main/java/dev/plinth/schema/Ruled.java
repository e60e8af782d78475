package dev.plinth.schema;

import java.util.List;

/**
 * A record with rules over several of its components, put together in code by {@link Rules}.
 *
 * <pre>{@code
 * record Booking(Optional<String> phone, Optional<String> mail, LocalDate from, LocalDate to) implements Ruled {
 *     private static final List<Rule> RULES = List.of(
 *             Rules.atLeastOne("phone", "mail"),
 *             Rules.compare("from", Comparison.AT_MOST, Rules.component("to")));
 *
 *     @Override
 *     public List<Rule> rules() {
 *         return RULES;
 *     }
 * }
 * }</pre>
 *
 * <p>They are asked wherever the record is read (a body, a query, configuration), when its components are right; each
 * that is broken is one violation.
 */
public interface Ruled {
    /** The rules; the same for all records of one class. */
    List<Rule> rules();
}
