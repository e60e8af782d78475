package dev.plinth.context;

/**
 * The piece of asynchronous work that this belongs to.
 *
 * @param id the job's id, {@code unknown} outside a job
 * @param name the kind of job, {@code unknown} outside a job
 */
public record Job(String id, String name) {
    /** Outside any job. */
    public static final Job UNKNOWN = new Job("unknown", "unknown");
}
