package dev.plinth.testkit;

import java.net.http.HttpHeaders;

/**
 * What a service answered.
 *
 * @param status the HTTP status
 * @param headers the headers
 * @param body the body as text
 */
public record Answer(int status, HttpHeaders headers, String body) {
    /** The first value of a header; empty where there is none. */
    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }
}
