package dev.plinth.client;

import dev.plinth.error.Category;
import dev.plinth.error.Problem;
import dev.plinth.error.Violation;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** RFC 9457 as it comes from another side, which may be no Plinth: anything may be missing. */
record WireProblem(
        @Nullable String code,
        @Nullable String category,
        @Nullable String title,
        @Nullable String detail,
        @Nullable List<Violation> violations) {
    /** The problem, with the status of the answer: what the document says of it is for people. */
    Problem toProblem(int status, Predicate<String> isCode) {
        var kind = category == null ? Category.UNKNOWN : Category.of(category);
        var stable = code == null || !isCode.test(code) ? "UPSTREAM_ERROR" : code;
        var text = detail != null ? detail : title != null ? title : "no detail";
        return Problem.of(kind, stable, text)
                .withStatus(status)
                .withViolations(violations == null ? List.of() : violations);
    }
}
