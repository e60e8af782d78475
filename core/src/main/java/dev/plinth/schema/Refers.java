package dev.plinth.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The texts of a record component are names that stand in a section of the configuration: {@code @Refers("databases")
 * String database}.
 *
 * <p>A name that isn't there stops the start. A default is not judged: it holds also where nobody configures anything.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Refers {
    /** The section, which must be one of names. */
    String value();
}
