package dev.plinth.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemTest {
    /** The seed's table: a change here is a change of the public contract. */
    @ParameterizedTest
    @CsvSource({
        "UNKNOWN, Unknown, 500",
        "INTERNAL, Internal, 500",
        "MISCONFIGURATION, Misconfiguration, 500",
        "INVALID_STATE, InvalidState, 500",
        "NO_RESPONSE, NoResponse, 500",
        "FAILED_INVOCATION, FailedInvocation, 500",
        "FILE_ERROR, FileError, 500",
        "BAD_REQUEST, BadRequest, 400",
        "UNAUTHORIZED, Unauthorized, 401",
        "NOT_FOUND, NotFound, 404",
        "CONFLICT, Conflict, 409",
        "UNSUPPORTED, Unsupported, 501"
    })
    void twelveCategoriesWithTheirStatuses(Category category, String wireName, int status) {
        assertThat(Category.values()).hasSize(12);
        assertThat(category.wireName()).isEqualTo(wireName);
        assertThat(category.status()).isEqualTo(status);
        assertThat(Category.of(wireName)).isEqualTo(category);
    }

    @Test
    void categoryOfANewerPeerIsUnknown_andNoError() {
        assertThat(Category.of("Quantum")).isEqualTo(Category.UNKNOWN);
    }

    @Test
    void invalidTellsEveryViolation() {
        var problem = Problem.invalid(List.of(
                new Violation("/item", "NOT_BLANK", "must not be blank", "", ""),
                new Violation("", "MALFORMED_JSON", "is no JSON", "", "x".repeat(150))));

        assertThat(problem).hasMessage("VALIDATION_FAILED: /item must not be blank; the body is no JSON");
        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.violations()).hasSize(2);
        assertThat(problem.violations().getLast().actual()).isEqualTo("x".repeat(100) + "…");
    }

    @Test
    void aRefusalHasNoStackTraceAlsoWhenItIsChanged() {
        var refusal = Problem.refusal("CIRCUIT_OPEN", "circuit 'pricing' is open", Map.of("retryable", false));

        assertThat(refusal.status()).isEqualTo(503);
        assertThat(refusal.members()).containsEntry("retryable", false);
        assertThat(refusal.getStackTrace()).isEmpty();
        assertThat(refusal.with("retry_after", 1).withStatus(429).getStackTrace())
                .isEmpty();
        assertThat(Problem.unavailable("DOWN", "down").getStackTrace()).isNotEmpty();
    }

    @Test
    void refusesAnUnstableCodeAndAStatusThatIsNoError() {
        assertThatThrownBy(() -> Problem.notFound("no order", "x"))
                .hasMessage("problem code 'no order' (expected: UPPER_SNAKE, such as ORDER_NOT_FOUND)");
        assertThatThrownBy(() -> Problem.conflict("TAKEN", "x").withStatus(200))
                .hasMessage("problem status 200 (expected: 400..599)");
    }

    @Test
    void withGivesANewOne() {
        var problem = Problem.unavailable("OVERLOADED", "too much");
        var more = problem.with("retry_after", 3).causedBy(new IllegalStateException("why"));

        assertThat(problem.members()).isEmpty();
        assertThat(more.members()).containsEntry("retry_after", 3);
        assertThat(more.status()).isEqualTo(503);
        assertThat(more).hasCauseInstanceOf(IllegalStateException.class);
    }
}
