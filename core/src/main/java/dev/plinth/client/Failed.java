package dev.plinth.client;

import dev.plinth.client.engine.Fault;
import dev.plinth.client.engine.Target;
import dev.plinth.error.Category;
import dev.plinth.error.Problem;
import dev.plinth.json.Json;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a call that went wrong is to its caller: one problem that names the client, the call, the attempt and the fault. */
final class Failed {
    private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9]{0,63}(_[A-Z0-9]{1,64}){0,16}");
    private static final Set<String> OWN =
            Set.of("type", "title", "status", "detail", "instance", "code", "category", "trace_id", "violations");
    private static final int MOST_MEMBERS = 32;

    private Failed() {}

    /** No answer. The address stays in the cause: what a problem says travels to callers. */
    static Problem of(String call, Fault fault, Target target, long millis) {
        var what = call + ": " + fault.getMessage();
        var problem =
                switch (fault.kind()) {
                    case UNREACHABLE -> gone(502, "UPSTREAM_UNREACHABLE", what);
                    case NO_CONNECTION_FREE -> gone(503, "UPSTREAM_BUSY", what);
                    case TIMEOUT -> gone(504, "UPSTREAM_TIMEOUT", what + " (" + millis + " ms)");
                    case INTERRUPTED -> gone(504, "UPSTREAM_CANCELLED", what);
                    case BROKEN -> gone(502, "UPSTREAM_ERROR", what);
                    case MALFORMED ->
                        Problem.of(Category.FAILED_INVOCATION, "UPSTREAM_GARBAGE", what)
                                .withStatus(502);
                };
        return problem.causedBy(fault.at(target));
    }

    private static Problem gone(int status, String code, String detail) {
        return Problem.of(Category.NO_RESPONSE, code, detail).withStatus(status);
    }

    static Problem garbage(String call, String detail, @Nullable Throwable cause) {
        var problem = Problem.of(Category.FAILED_INVOCATION, "UPSTREAM_GARBAGE", call + ": " + detail)
                .withStatus(502);
        return cause == null ? problem : problem.causedBy(cause);
    }

    /** An answer that is none to this call. */
    static Problem broken(String call, String what) {
        return Problem.of(Category.FAILED_INVOCATION, "UPSTREAM_ERROR", call + ": " + what)
                .withStatus(502);
    }

    static Problem tooLarge(String call, String client, long limit) {
        return Problem.of(
                        Category.FAILED_INVOCATION,
                        "UPSTREAM_TOO_LARGE",
                        call + ": answered more than " + limit + " bytes (clients." + client + ".max-response)")
                .withStatus(502);
    }

    /** An answer of 300 or more: the problem that the other side threw, where it told one. */
    static Problem refused(
            String call, int status, @Nullable String contentType, @Nullable String retryAfter, byte[] body) {
        var problem = contentType != null && contentType.startsWith("application/problem+json")
                ? told(call, status, body)
                : Problem.of(Category.FAILED_INVOCATION, "UPSTREAM_ERROR", call + ": answered " + status)
                        .withStatus(status >= 400 ? passedOn(status) : 502);
        if (retryAfter != null && !problem.members().containsKey("retry_after")) {
            int seconds = seconds(retryAfter);
            return seconds < 0 ? problem : problem.with("retry_after", seconds);
        }
        return problem;
    }

    /** What failed there with 500 is a bad gateway here; 4xx, 501, 503 and 504 mean the same on this side. */
    private static int passedOn(int status) {
        return status < 500 || status == 501 || status == 503 || status == 504 ? status : 502;
    }

    private static Problem told(String call, int status, byte[] body) {
        try {
            var json = Json.standard();
            var wire = json.read(body, WireProblem.class);
            var problem = wire.toProblem(status, code -> CODE.matcher(code).matches());
            int members = 0;
            for (var member : ((Map<?, ?>) json.read(body, Object.class)).entrySet()) {
                if (!OWN.contains(member.getKey()) && member.getValue() != null && members++ < MOST_MEMBERS) {
                    problem = problem.with(String.valueOf(member.getKey()), member.getValue());
                }
            }
            return problem;
        } catch (RuntimeException noProblem) {
            return garbage(call, "answered " + status + " with a problem that can't be read", noProblem);
        }
    }

    /** Whole seconds, as almost all send it; a date is not looked at. */
    private static int seconds(String retryAfter) {
        boolean isNumber = !retryAfter.isEmpty() && retryAfter.length() <= 6;
        for (int i = 0; i < retryAfter.length() && isNumber; i++) {
            isNumber = retryAfter.charAt(i) >= '0' && retryAfter.charAt(i) <= '9';
        }
        return isNumber ? Integer.parseInt(retryAfter) : -1;
    }
}
