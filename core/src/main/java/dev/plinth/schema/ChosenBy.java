package dev.plinth.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The key whose value says which record of a sealed interface is meant: {@code @ChosenBy("kind") sealed interface Shape
 * permits Circle, Square}, written {@code { kind: circle, radius: 3 }}.
 *
 * <p>Without the annotation the key is {@code backend}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ChosenBy {
    /** The key; no record of the interface has a component of that name. */
    String value();
}
