package dev.plinth.testkit;

import java.util.List;
import java.util.Map;

/**
 * A span as a collector sees it.
 *
 * @param resource who sent it: {@code service.name} and the like
 * @param scope the library that recorded it
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 hexadecimal digits
 * @param parentSpanId likewise; empty where the trace begins
 * @param traceState as it was sent
 * @param name what was done
 * @param kind which side of a call it is
 * @param startNanos since 1970
 * @param endNanos since 1970
 * @param attributes texts, booleans, longs, doubles, and lists of them
 * @param events what happened on the way
 * @param status how it ended
 * @param statusMessage why, in words; mostly empty
 */
public record ReceivedSpan(
        Map<String, Object> resource,
        String scope,
        String traceId,
        String spanId,
        String parentSpanId,
        String traceState,
        String name,
        Kind kind,
        long startNanos,
        long endNanos,
        Map<String, Object> attributes,
        List<Event> events,
        Status status,
        String statusMessage) {
    /** Which side of a call a span is. */
    public enum Kind {
        /** Not said. */
        UNSPECIFIED,
        /** Within one process. */
        INTERNAL,
        /** A request that was handled. */
        SERVER,
        /** A request that was made. */
        CLIENT,
        /** A message that was sent. */
        PRODUCER,
        /** A message that was handled. */
        CONSUMER
    }

    /** How a span ended. */
    public enum Status {
        /** Not said, which is as good as well. */
        UNSET,
        /** Well, and said so. */
        OK,
        /** Failed. */
        ERROR
    }

    /**
     * Something that happened during the span.
     *
     * @param name what
     * @param atNanos since 1970
     * @param attributes more about it
     */
    public record Event(String name, long atNanos, Map<String, Object> attributes) {
        public Event {
            attributes = Map.copyOf(attributes);
        }
    }

    public ReceivedSpan {
        resource = Map.copyOf(resource);
        attributes = Map.copyOf(attributes);
        events = List.copyOf(events);
    }

    /** The {@code service.name} of its sender; empty if it gave none. */
    public String service() {
        return String.valueOf(resource.getOrDefault("service.name", ""));
    }
}
