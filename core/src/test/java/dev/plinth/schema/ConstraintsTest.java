package dev.plinth.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import jakarta.validation.GroupSequence;
import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertFalse;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.FutureOrPresent;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Negative;
import jakarta.validation.constraints.NegativeOrZero;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Null;
import jakarta.validation.constraints.Past;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import jakarta.validation.executable.ValidateOnExecution;
import jakarta.validation.groups.ConvertGroup;
import jakarta.validation.groups.Default;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.example.Even;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every annotation of the standard is interpreted or refused. */
class ConstraintsTest {
    /** One component for each constraint. */
    record All(
            @AssertFalse boolean a,
            @AssertTrue boolean b,
            @DecimalMax("1.5") double c,
            @DecimalMin("1.5") double d,
            @Digits(integer = 2, fraction = 1) double e,
            @Email String f,
            @Future Instant g,
            @FutureOrPresent Instant h,
            @Max(3) int i,
            @Min(3) int j,
            @Negative int k,
            @NegativeOrZero int l,
            @NotBlank String m,
            @NotEmpty List<String> n,
            @NotNull String o,
            @Null @Nullable String p,
            @Past Instant q,
            @PastOrPresent Instant r,
            @Pattern(regexp = "a+") String s,
            @Positive int t,
            @PositiveOrZero int u,
            @Size(max = 1) String v) {}

    @Test
    void everyConstraintOfTheStandardIsARule() {
        var known = new TreeSet<String>();
        for (var component : All.class.getRecordComponents()) {
            for (var annotation : component.getAccessor().getAnnotations()) {
                known.add(annotation.annotationType().getSimpleName());
            }
        }
        var standard = new TreeSet<String>();
        for (var type : new ClassFileImporter().importPackages("jakarta.validation.constraints")) {
            if (type.isAnnotation() && type.getEnclosingClass().isEmpty()) {
                standard.add(type.getSimpleName());
            }
        }
        assertThat(known).isEqualTo(standard).hasSize(22);
        assertThat(Schema.of(All.class).properties())
                .allSatisfy(property -> assertThat(property.rules()).hasSize(1));
    }

    @Test
    @SuppressWarnings("NullAway") // as Schema makes it of a text without the value
    void eachOfThemIsJudged() {
        var past = Instant.parse("2001-01-01T00:00:00Z");
        var future = Instant.parse("9001-01-01T00:00:00Z");
        var wrong = new All(
                true, false, 1.6, 1.4, 123.45, "nobody", past, past, 4, 2, 0, 1, " ", List.of(), null, "", future,
                future, "b", 0, -1, "ab");
        assertThat(SchemaTest.check(wrong)).hasSize(22);
    }

    @Test
    void whatElseTheStandardHasIsRefused() {
        @GroupSequence({Default.class, Ordered.class})
        record Ordered(String a) {}
        record Grouped(@ConvertGroup(from = Default.class, to = Override.class) @Valid @Nullable Inner inner) {}
        record Executed(String a) {
            @ValidateOnExecution
            @SuppressWarnings("UnusedMethod") // never called
            String b() {
                return a;
            }
        }
        assertRefused(Ordered.class, "the constraint @GroupSequence on the whole record is not interpreted");
        assertRefused(Grouped.class, ".inner: the constraint @ConvertGroup is not interpreted");
        assertRefused(Executed.class, ".b: @ValidateOnExecution on a method");
        var decorations = new TreeSet<String>();
        for (JavaClass type : new ClassFileImporter().importPackages("jakarta.validation")) {
            if (type.isAnnotation()
                    && type.getEnclosingClass().isEmpty()
                    && !type.getPackageName().endsWith(".constraints")
                    && !type.getPackageName().endsWith(".constraintvalidation")) {
                decorations.add(type.getSimpleName());
            }
        }
        // The others stand on annotation types and on extractors alone; Valid is what happens anyway.
        assertThat(decorations)
                .containsExactly(
                        "Constraint",
                        "ConvertGroup",
                        "ExtractedValue",
                        "GroupSequence",
                        "OverridesAttribute",
                        "ReportAsSingleViolation",
                        "UnwrapByDefault",
                        "Valid",
                        "ValidateOnExecution");
    }

    record Inner(@Positive int a) {}

    @Test
    void constraintsOfUsersAreRefused() {
        record Counted(@Even int a, List<@Positive Integer> b) {}
        @Even
        record Whole(int a) {}
        assertRefused(
                Counted.class,
                ".a: the constraint @Even is not interpreted (expected: those of jakarta.validation.constraints). Use one of"
                        + " them, or check it in the record's compact constructor");
        assertRefused(Whole.class, "the constraint @Even on the whole record is not interpreted");
    }

    @Test
    void aConstraintOnTheWrongTypeIsRefused() {
        record Wrong(@Positive String a, @Size(max = 2) int b, @Past String c, @Email int d, List<@Min(1) String> e) {}
        assertThatThrownBy(() -> Schema.of(Wrong.class))
                .isInstanceOf(SchemaException.class)
                .satisfies(thrown ->
                        assertThat(((SchemaException) thrown).faults()).hasSize(5));
        assertThat(Arrays.asList(Objects.requireNonNull(Wrong.class.getRecordComponents())))
                .hasSize(5);
    }

    private static void assertRefused(Class<? extends Record> type, String fault) {
        assertThatThrownBy(() -> Schema.of(type))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining(fault);
    }
}
