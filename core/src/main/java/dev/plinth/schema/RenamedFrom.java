package dev.plinth.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The keys that a component of a record had before, in the same record: {@code @RenamedFrom(value = "wait", since = "1.4")
 * Duration timeout}.
 *
 * <p>Configuration still takes them, with a warning that names the new key. One source that has both is wrong.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface RenamedFrom {
    /** The old keys, in kebab-case. */
    String[] value();

    /** The version in which the new key came; empty where that doesn't matter. */
    String since() default "";
}
