package org.example;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** A constraint as users write them, in a package of theirs. */
@Constraint(validatedBy = {})
@Retention(RetentionPolicy.RUNTIME)
public @interface Even {
    /** The message. */
    String message() default "";

    /** The groups. */
    Class<?>[] groups() default {};

    /** The payload. */
    Class<? extends Payload>[] payload() default {};
}
