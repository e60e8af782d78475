package dev.plinth.error;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A failure that is part of the contract: thrown by business logic, sent as RFC 9457 {@code application/problem+json},
 * and thrown again by the client on the other side with the same category, code, status and text.
 *
 * <pre>{@code throw Problem.notFound("ORDER_NOT_FOUND", "no order '" + id + "'");}</pre>
 *
 * <p>Causes and stack traces stay in the log of the service where they arose; {@link #detail()} travels, so put nothing
 * into it that the caller may not read. Immutable, aside from what {@link Throwable} allows.
 */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9]*(_[A-Z0-9]+)*");

    private final Category category;
    private final int status;
    private final String code;
    private final String detail;
    private final transient List<Violation> violations;
    private final transient Map<String, Object> members;
    private final boolean traced;

    private Problem(
            Category category,
            int status,
            String code,
            String detail,
            List<Violation> violations,
            Map<String, Object> members,
            @Nullable Throwable cause,
            boolean traced) {
        super(code + ": " + detail, cause, true, traced);
        if (!CODE.matcher(code).matches()) {
            throw new IllegalArgumentException(
                    "problem code '" + code + "' (expected: UPPER_SNAKE, such as ORDER_NOT_FOUND)");
        }
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("problem status " + status + " (expected: 400..599)");
        }
        this.category = category;
        this.status = status;
        this.code = code;
        this.detail = detail;
        this.violations = List.copyOf(violations);
        this.members = Map.copyOf(members);
        this.traced = traced;
    }

    /**
     * A problem with the status of its category.
     *
     * @throws IllegalArgumentException if {@code code} is not {@code UPPER_SNAKE}
     */
    public static Problem of(Category category, String code, String detail) {
        return new Problem(category, category.status(), code, detail, List.of(), Map.of(), null, true);
    }

    /** 400: what was sent is wrong. */
    public static Problem badRequest(String code, String detail) {
        return of(Category.BAD_REQUEST, code, detail);
    }

    /** 400 with code {@code VALIDATION_FAILED}: every rule that was broken, in one answer. */
    public static Problem invalid(List<Violation> violations) {
        var text = new StringBuilder();
        for (var violation : violations) {
            text.append(text.isEmpty() ? "" : "; ")
                    .append(violation.pointer().isEmpty() ? "the body" : violation.pointer())
                    .append(' ')
                    .append(violation.message());
        }
        return new Problem(
                Category.BAD_REQUEST, 400, "VALIDATION_FAILED", text.toString(), violations, Map.of(), null, true);
    }

    /** 401: the caller is not known. For a known one that may not do this, {@link #forbidden}. */
    public static Problem unauthorized(String code, String detail) {
        return of(Category.UNAUTHORIZED, code, detail);
    }

    /** 403: the caller is known and may not do this. */
    public static Problem forbidden(String code, String detail) {
        return of(Category.UNAUTHORIZED, code, detail).withStatus(403);
    }

    /** 404: the thing asked for is not there. */
    public static Problem notFound(String code, String detail) {
        return of(Category.NOT_FOUND, code, detail);
    }

    /** 409: it clashes with what is there. */
    public static Problem conflict(String code, String detail) {
        return of(Category.CONFLICT, code, detail);
    }

    /** 501: this service doesn't do that. */
    public static Problem unsupported(String code, String detail) {
        return of(Category.UNSUPPORTED, code, detail);
    }

    /** 503: not now; the caller may try again. */
    public static Problem unavailable(String code, String detail) {
        return of(Category.INVALID_STATE, code, detail).withStatus(503);
    }

    /**
     * 503 without a stack trace: for what refuses thousands of calls a second, where making one would cost more than the
     * call, and the code says well enough where it happened.
     */
    public static Problem refusal(String code, String detail, Map<String, Object> members) {
        return new Problem(Category.INVALID_STATE, 503, code, detail, List.of(), members, null, false);
    }

    /** 504 with code {@code DEADLINE_EXCEEDED}. */
    public static Problem deadlineExceeded(String detail) {
        return of(Category.NO_RESPONSE, "DEADLINE_EXCEEDED", detail).withStatus(504);
    }

    /**
     * The same with another HTTP status.
     *
     * @throws IllegalArgumentException if it is not in 400..599
     */
    public Problem withStatus(int newStatus) {
        return new Problem(category, newStatus, code, detail, violations, members, getCause(), traced);
    }

    /** The same with a member more, which travels in the JSON under that name. */
    public Problem with(String name, Object value) {
        var more = new java.util.HashMap<>(members);
        more.put(name, value);
        return new Problem(category, status, code, detail, violations, more, getCause(), traced);
    }

    /** The same with the violations of what was sent. */
    public Problem withViolations(List<Violation> newViolations) {
        return new Problem(category, status, code, detail, newViolations, members, getCause(), traced);
    }

    /** The same with a cause, which is logged and never sent. */
    public Problem causedBy(Throwable cause) {
        return new Problem(category, status, code, detail, violations, members, cause, traced);
    }

    /** What kind of failure it is. */
    public Category category() {
        return category;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The stable name for programs, {@code UPPER_SNAKE}, part of the public contract. */
    public String code() {
        return code;
    }

    /** The sentence for people. */
    public String detail() {
        return detail;
    }

    /** The rules that were broken; empty unless the input was judged. */
    public List<Violation> violations() {
        return violations;
    }

    /** Further members of the JSON. */
    public Map<String, Object> members() {
        return members;
    }
}
