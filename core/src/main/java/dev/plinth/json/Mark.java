package dev.plinth.json;

/** What stands in place of a value. */
enum Mark {
    /** It could not be read, or broke a rule; what was wrong has been reported. */
    FAILED,
    /** A null was given, and not nothing: so that a second value for the same name is seen. */
    NULL
}
