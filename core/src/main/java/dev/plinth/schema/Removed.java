package dev.plinth.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A key that a record had once: {@code @Removed(key = "threads", reason = "Every request has a thread of its own.")}.
 *
 * <p>Configuration that still has it is refused with the reason, and not as an unknown key.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(Removed.List.class)
public @interface Removed {
    /** The key, in kebab-case. */
    String key();

    /** Why it has gone and what to do instead, as sentences. */
    String reason();

    /** The version in which it went; empty where that doesn't matter. */
    String since() default "";

    /** Several. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface List {
        /** The keys. */
        Removed[] value();
    }
}
