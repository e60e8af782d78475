package dev.plinth.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The value of a record component that was not given: {@code @Default("30s") Duration timeout}.
 *
 * <p>The text is read as the same text in a configuration file would be, when the schema is built, so that a default
 * that doesn't parse or breaks a rule of its own component is told at the start. A {@code List} or {@code Set} takes its
 * items separated by commas, {@code ""} being the empty one; a {@code Map} takes {@code ""} alone. It holds for
 * configuration, JSON and every other source alike, and is printed in the reference.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
    /** The text. */
    String value();
}
