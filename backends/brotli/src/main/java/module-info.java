/** Answers packed by brotli. */
module dev.plinth.brotli {
    requires static transitive org.jspecify;
    requires transitive dev.plinth;
    requires com.aayushatharva.brotli4j;

    exports dev.plinth.brotli;

    provides dev.plinth.http.ContentCoding with
            dev.plinth.brotli.Brotli;
}
