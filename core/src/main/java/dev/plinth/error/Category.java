package dev.plinth.error;

/**
 * The twelve kinds of failure, each with the HTTP status that it has unless a problem says otherwise.
 *
 * <p>A client that meets a code it doesn't know still knows the category, and so what to do. The set and the statuses
 * are those of pip-services; {@link #wireName()} is what travels.
 */
public enum Category {
    /** Nobody expected this. */
    UNKNOWN("Unknown", 500),
    /** A mistake in the program. */
    INTERNAL("Internal", 500),
    /** A mistake in the configuration. */
    MISCONFIGURATION("Misconfiguration", 500),
    /** The call came when the component could not serve it: not started, stopping, overloaded. */
    INVALID_STATE("InvalidState", 500),
    /** A neighbour could not be reached or did not answer in time. */
    NO_RESPONSE("NoResponse", 500),
    /** A neighbour answered that it failed. */
    FAILED_INVOCATION("FailedInvocation", 500),
    /** Reading or writing a file failed. */
    FILE_ERROR("FileError", 500),
    /** What the caller sent is wrong; the same again will fail again. */
    BAD_REQUEST("BadRequest", 400),
    /** The caller is not known, or may not do this. */
    UNAUTHORIZED("Unauthorized", 401),
    /** The thing asked for is not there. */
    NOT_FOUND("NotFound", 404),
    /** It clashes with what is there: the id exists, the version is old. */
    CONFLICT("Conflict", 409),
    /** This service doesn't do that. */
    UNSUPPORTED("Unsupported", 501);

    private final String wireName;
    private final int status;

    Category(String wireName, int status) {
        this.wireName = wireName;
        this.status = status;
    }

    /** The name in JSON, such as {@code BadRequest}. */
    public String wireName() {
        return wireName;
    }

    /** The HTTP status of a problem of this category that names none of its own. */
    public int status() {
        return status;
    }

    /** The category of that {@link #wireName()}; {@link #UNKNOWN} for any other text, so that a newer peer is no error. */
    public static Category of(String wireName) {
        for (var category : values()) {
            if (category.wireName.equals(wireName)) {
                return category;
            }
        }
        return UNKNOWN;
    }
}
