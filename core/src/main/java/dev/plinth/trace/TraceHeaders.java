package dev.plinth.trace;

import dev.plinth.context.Context;
import dev.plinth.context.TraceIds;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The headers that carry a trace from one process to the next: W3C Trace Context, Zipkin's B3 in both forms, and the
 * plain request ids that proxies set.
 *
 * <p>The first of them that is valid says what the trace is: {@code traceparent}, {@code b3}, {@code x-b3-traceid} with
 * {@code x-b3-spanid}. One that breaks its specification is ignored as if it weren't there. A request id begins a trace
 * of that id if it looks like one (32 hexadecimal digits, or a UUID) and none of the others came.
 */
public final class TraceHeaders {
    static final String TRACEPARENT = "traceparent";
    static final String TRACESTATE = "tracestate";
    static final String BAGGAGE = "baggage";
    static final String B3_SINGLE = "b3";
    static final String B3_TRACE = "x-b3-traceid";
    static final String B3_SPAN = "x-b3-spanid";
    static final String B3_PARENT = "x-b3-parentspanid";
    static final String B3_SAMPLED = "x-b3-sampled";
    static final String B3_FLAGS = "x-b3-flags";
    static final String REQUEST = "x-request-id";
    static final String CORRELATION = "x-correlation-id";

    /** All that is ever asked of a {@link HeaderReader}; the names are these very strings. */
    public static final List<String> READ = List.of(
            TRACEPARENT, TRACESTATE, BAGGAGE, B3_SINGLE, B3_TRACE, B3_SPAN, B3_SAMPLED, B3_FLAGS, REQUEST, CORRELATION);

    private static final int LONGEST_REQUEST_ID = 128;
    private static final Parent NOTHING = new Parent("", "", Sampled.UNDECIDED, "");
    private static final Parent DENIED = new Parent("", "", Sampled.NO, "");
    private static final Parent ACCEPTED = new Parent("", "", Sampled.YES, "");

    private TraceHeaders() {}

    /** Whether the caller decided that the trace is recorded. */
    enum Sampled {
        YES,
        NO,
        UNDECIDED
    }

    /** What the caller says of the trace; empty ids where it says nothing. */
    record Parent(String traceId, String spanId, Sampled sampled, String state) {}

    static Parent parent(HeaderReader headers, @Nullable String requestId) {
        var traceparent = headers.get(TRACEPARENT);
        if (traceparent != null) {
            var parent = w3c(traceparent, headers);
            if (parent != null) {
                return parent;
            }
        }
        var single = headers.get(B3_SINGLE);
        if (single != null) {
            var parent = b3(single);
            if (parent != null) {
                return parent;
            }
        }
        var parent = b3(headers.get(B3_TRACE), headers.get(B3_SPAN), headers.get(B3_SAMPLED), headers.get(B3_FLAGS));
        if (parent.traceId.isEmpty() && requestId != null) {
            var traceId = traceIdOf(requestId);
            if (traceId != null) {
                return new Parent(traceId, "", parent.sampled, "");
            }
        }
        return parent;
    }

    /** {@code version-traceid-parentid-flags}; a version that we don't know is read as far as we know it. */
    private static @Nullable Parent w3c(String header, HeaderReader headers) {
        if (header.length() < 55
                || header.charAt(2) != '-'
                || header.charAt(35) != '-'
                || header.charAt(52) != '-'
                || !Ids.isId(header, 3, 35)
                || !Ids.isId(header, 36, 52)) {
            return null;
        }
        int version = octet(header, 0);
        int flags = octet(header, 53);
        boolean wellFormed = version == 0
                ? header.length() == 55
                : version > 0 && version != 0xff && (header.length() == 55 || header.charAt(55) == '-');
        if (!wellFormed || flags < 0) {
            return null;
        }
        var state = headers.get(TRACESTATE);
        return new Parent(
                header.substring(3, 35),
                header.substring(36, 52),
                (flags & 1) == 1 ? Sampled.YES : Sampled.NO,
                state != null && TraceState.isValid(state) ? state : "");
    }

    private static int octet(String text, int at) {
        int high = Ids.lowerHex(text.charAt(at));
        int low = Ids.lowerHex(text.charAt(at + 1));
        return high < 0 || low < 0 ? -1 : (high << 4) | low;
    }

    /** {@code traceid-spanid[-sampled[-parentspanid]]}, or the decision alone. */
    private static @Nullable Parent b3(String header) {
        if (header.length() == 1) {
            return switch (header.charAt(0)) {
                case '0' -> DENIED;
                case '1', 'd' -> ACCEPTED;
                default -> null;
            };
        }
        int dash = header.indexOf('-');
        if (dash != 16 && dash != 32) {
            return null;
        }
        int end = dash + 17;
        if (header.length() < end) {
            return null;
        }
        var sampled = Sampled.UNDECIDED;
        if (header.length() > end) {
            if (header.length() < end + 2 || header.charAt(end) != '-') {
                return null;
            }
            switch (header.charAt(end + 1)) {
                case '0' -> sampled = Sampled.NO;
                case '1', 'd' -> sampled = Sampled.YES;
                default -> {
                    return null;
                }
            }
            if (header.length() > end + 2 && !(header.length() == end + 19 && header.charAt(end + 2) == '-')) {
                return null;
            }
        }
        var parent = ids(header.substring(0, dash), header.substring(dash + 1, end), sampled);
        if (header.length() > end + 2 && parent != null) {
            return Ids.isId(header.substring(end + 3).toLowerCase(Locale.ROOT), 0, 16) ? parent : null;
        }
        return parent;
    }

    private static Parent b3(
            @Nullable String traceId, @Nullable String spanId, @Nullable String sampled, @Nullable String flags) {
        var decision = Sampled.UNDECIDED;
        if (flags != null && flags.equals("1")) {
            decision = Sampled.YES; // debug: recorded whatever the ratio says
        } else if (sampled != null) {
            decision = switch (sampled) {
                case "1", "true" -> Sampled.YES;
                case "0", "false" -> Sampled.NO;
                default -> Sampled.UNDECIDED;
            };
        }
        if (traceId != null && spanId != null) {
            var parent = ids(traceId, spanId, decision);
            if (parent != null) {
                return parent;
            }
        }
        return switch (decision) {
            case YES -> ACCEPTED;
            case NO -> DENIED;
            case UNDECIDED -> NOTHING;
        };
    }

    private static @Nullable Parent ids(String traceId, String spanId, Sampled sampled) {
        var trace = traceId.toLowerCase(Locale.ROOT);
        var span = spanId.toLowerCase(Locale.ROOT);
        boolean valid = (trace.length() == 16 || trace.length() == 32)
                && span.length() == 16
                && Ids.isId(trace, 0, trace.length())
                && Ids.isId(span, 0, 16);
        return valid ? new Parent(Ids.padded(trace), span, sampled, "") : null;
    }

    /** The id that the caller or a proxy gave the request; null where there is none that is fit to be handed on. */
    static @Nullable String requestId(HeaderReader headers) {
        var id = headers.get(REQUEST);
        if (id == null || !isRequestId(id)) {
            id = headers.get(CORRELATION);
        }
        return id == null || !isRequestId(id) ? null : id;
    }

    private static boolean isRequestId(String id) {
        if (id.isEmpty() || id.length() > LONGEST_REQUEST_ID) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            if (id.charAt(i) <= ' ' || id.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String traceIdOf(String requestId) {
        var id = requestId;
        if (id.length() == 36 && id.charAt(8) == '-' && id.charAt(13) == '-' && id.charAt(18) == '-') {
            id = id.replace("-", "");
        }
        if (id.length() != 32) {
            return null;
        }
        id = id.toLowerCase(Locale.ROOT);
        return Ids.isId(id, 0, 32) ? id : null;
    }

    /** Writes the trace and the baggage of {@code context} for the next process. */
    static void write(Context context, B3 b3, HeaderWriter to) {
        var ids = context.trace();
        if (!ids.traceId().isEmpty()) {
            to.set(TRACEPARENT, "00-" + ids.traceId() + "-" + ids.spanId() + (ids.sampled() ? "-01" : "-00"));
            if (!ids.state().isEmpty()) {
                to.set(TRACESTATE, ids.state());
            }
            switch (b3) {
                case NONE -> {}
                case SINGLE -> to.set(B3_SINGLE, b3(ids));
                case MULTI -> {
                    to.set(B3_TRACE, ids.traceId());
                    to.set(B3_SPAN, ids.spanId());
                    if (!ids.parentId().isEmpty()) {
                        to.set(B3_PARENT, ids.parentId());
                    }
                    to.set(B3_SAMPLED, ids.sampled() ? "1" : "0");
                }
            }
        }
        if (!context.baggage().isEmpty()) {
            var baggage = Baggage.write(context.baggage());
            if (!baggage.isEmpty()) {
                to.set(BAGGAGE, baggage);
            }
        }
    }

    private static String b3(TraceIds ids) {
        var id = ids.traceId() + "-" + ids.spanId() + (ids.sampled() ? "-1" : "-0");
        return ids.parentId().isEmpty() ? id : id + "-" + ids.parentId();
    }
}
