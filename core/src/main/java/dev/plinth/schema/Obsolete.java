package dev.plinth.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A component of a record that still works and should no longer be used: {@code @Obsolete("Use http.limits.")}.
 *
 * <p>Configuration that gives it a value is warned.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Obsolete {
    /** What to do instead, as a sentence. */
    String value();

    /** The version since which it is so; empty where that doesn't matter. */
    String since() default "";
}
