package dev.plinth.client;

import dev.plinth.error.Category;
import dev.plinth.error.Problem;
import dev.plinth.error.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** RFC 9457 as it comes from another side, which may be no Plinth: anything but the status may be missing. */
record WireProblem(
        int status,
        @Nullable String code,
        @Nullable String category,
        @Nullable String title,
        @Nullable String detail,
        @Nullable List<Violation> violations) {
    Problem toProblem() {
        var kind = category == null ? Category.UNKNOWN : Category.of(category);
        var stable = code == null ? "UPSTREAM_ERROR" : code;
        var text = detail != null ? detail : title != null ? title : "no detail";
        return Problem.of(kind, stable, text)
                .withStatus(status)
                .withViolations(violations == null ? List.of() : violations);
    }
}
