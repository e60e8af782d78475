package dev.plinth.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name by which a record of a sealed interface is chosen; without it the name of the record in kebab-case, {@code
 * local-disk} for {@code LocalDisk}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ChosenAs {
    /** The name. */
    String value();
}
