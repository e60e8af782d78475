package dev.plinth.client;

import dev.plinth.client.engine.Fault;
import dev.plinth.client.engine.Outbound;
import dev.plinth.client.engine.Reply;
import dev.plinth.client.engine.Target;
import dev.plinth.context.Context;
import dev.plinth.context.Deadline;
import dev.plinth.error.Problem;
import dev.plinth.resilience.Retry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a call: the request is put together, sent to one instance, redirected where that is allowed, and its
 * answer read, within the deadline of the context. Used by one thread.
 */
final class Attempt {
    private static final int WORTH_PACKING = 1024;

    private final Client client;
    private final Call call;
    private final String path;
    private final Context trace;
    private final Deadline deadline;
    private final Outcome outcome;
    private final @Nullable Reading reading;
    private final int number;

    /**
     * One attempt.
     *
     * @param path with the query
     * @param trace what the headers of the trace are written from
     */
    Attempt(Client client, Call call, String path, Context trace, Outcome outcome, @Nullable Reading reading) {
        this.client = client;
        this.call = call;
        this.path = path;
        this.trace = trace;
        this.outcome = outcome;
        this.reading = reading;
        this.number = outcome.attempts.incrementAndGet();
        this.deadline = Context.current().deadline().orElseThrow();
    }

    /** What is known of a call when it is over, however it ends. A hedge may have two attempts write here. */
    static final class Outcome {
        final AtomicInteger attempts = new AtomicInteger();
        /** Replaced as a whole, since most calls have none. */
        volatile Set<String> failedInstances = Set.of();

        volatile int status;
        volatile String url = "";

        synchronized void avoid(String instance) {
            var more = new HashSet<>(failedInstances);
            more.add(instance);
            failedInstances = more;
        }
    }

    /** Takes the answer as it comes. */
    @FunctionalInterface
    interface Reading {
        void read(Answer live) throws IOException;
    }

    /** What the one who reads the answer threw: nothing to repeat, and no fault of the other side. */
    static final class ReaderFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ReaderFailed(Exception why) {
            super(null, why, false, false);
        }

        /** Throws what was thrown. */
        RuntimeException rethrow() throws IOException {
            if (getCause() instanceof IOException io) {
                throw io;
            }
            throw (RuntimeException) getCause();
        }
    }

    /** Sends it to the one address, or to the instance that is chosen now; one that failed this call is avoided. */
    Answer make() {
        var balancer = client.balancer();
        if (balancer == null) {
            return exchange(client.target());
        }
        try (var pick = balancer.pick(outcome.failedInstances)) {
            try {
                var answer = exchange(client.target(pick.instance()));
                pick.succeeded();
                return answer;
            } catch (RuntimeException failure) {
                switch (Verdicts.STANDARD.threw(failure).effect()) {
                    case SUCCESS -> pick.succeeded();
                    case FAILURE -> {
                        outcome.avoid(pick.instance().id());
                        pick.failed();
                    }
                    case IGNORED -> {}
                }
                throw failure;
            }
        }
    }

    private Answer exchange(Target first) {
        var target = first;
        var at = path;
        var method = call.method();
        var body = packed(call.outbound());
        var cached = cached();
        for (int hop = 0; ; hop++) {
            outcome.url = target.toString();
            boolean foreign = hop > 0 && !target.equals(first);
            var request = new Outbound(method, at, headers(body, foreign, hop == 0 ? cached : null), body);
            try (var reply = send(request, target)) {
                outcome.status = reply.status();
                var location = isRedirection(reply.status()) ? reply.header("location") : null;
                if (location == null || client.config().redirects() == 0) {
                    return answer(reply, target, hop == 0 ? cached : null);
                }
                if (hop == client.config().redirects()) {
                    throw broken("answered with more than " + hop + " redirections (clients." + client.name()
                            + ".redirects)");
                }
                var next = redirected(target, at, location);
                boolean asGet = reply.status() == 303 || (reply.status() < 303 && method.equals("POST"));
                if (asGet && !method.equals("HEAD")) {
                    method = "GET";
                    body = null;
                }
                at = next.getRawPath().isEmpty() ? "/" : next.getRawPath();
                at = next.getRawQuery() == null ? at : at + "?" + next.getRawQuery();
                var there = Target.of("https".equals(next.getScheme()), next.getHost(), next.getPort());
                target = there.authority().equals(target.authority()) && there.secure() == target.secure()
                        ? target
                        : there;
            }
        }
    }

    private static boolean isRedirection(int status) {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    private URI redirected(Target from, String at, String location) {
        URI next;
        try {
            next = URI.create((from.secure() ? "https://" : "http://") + from.authority() + at)
                    .resolve(location);
        } catch (IllegalArgumentException noUri) {
            throw broken("answered with a redirection to what is no address");
        }
        boolean http = "http".equals(next.getScheme()) && !from.secure();
        if (next.getHost() == null || next.getRawUserInfo() != null || !(http || "https".equals(next.getScheme()))) {
            throw broken("answered with a redirection to where calls may not go (https stays https, without a user)");
        }
        return next;
    }

    private Problem broken(String what) {
        return Failed.broken(toString(), what);
    }

    /** The call and which attempt at it this is. */
    @Override
    public String toString() {
        return call + ", attempt " + number;
    }

    private Reply send(Outbound request, Target target) {
        long begin = deadline.time().nanos();
        try {
            try {
                return client.transport().send(request, target, deadline);
            } catch (Fault stale) {
                if (!stale.stale() || !call.isIdempotent()) {
                    throw stale;
                }
                // A kept connection that ended while nobody looked says nothing of the other side: a new one is made.
                return client.transport().send(request, target, deadline);
            }
        } catch (Fault fault) {
            throw Failed.of(toString(), fault, target, millisSince(begin));
        }
    }

    private long millisSince(long begin) {
        return (deadline.time().nanos() - begin) / 1_000_000;
    }

    // ---- what is sent ----------------------------------------------------------------------------------------------

    private List<String> headers(Outbound.@Nullable Body body, boolean foreign, EtagCache.@Nullable Entry cached) {
        var headers = new ArrayList<String>(24);
        if (!call.sets("Accept") || foreign) {
            add(headers, "Accept", "application/json, application/problem+json, */*;q=0.5");
        }
        add(headers, "Accept-Encoding", "gzip");
        add(
                headers,
                "X-Request-Timeout-Ms",
                Long.toString(Math.max(1, deadline.remaining().toMillis())));
        int attempt = Context.current().attempt();
        if (attempt > 1) {
            add(headers, Retry.ATTEMPT_HEADER, Integer.toString(attempt));
        }
        var type = call.contentType();
        if (body != null && type != null) {
            add(headers, "Content-Type", type);
            if (body instanceof Packed) {
                add(headers, "Content-Encoding", "gzip");
            }
        }
        if (cached != null) {
            add(headers, "If-None-Match", cached.etag());
        }
        client.tracing().write(trace, (name, value) -> add(headers, name, value));
        // What was said to this side is for this side: another one, where it redirects to, gets none of it.
        if (!foreign) {
            for (var name : client.config().propagate()) {
                var value = call.sets(name) ? null : trace.incoming(name);
                if (value != null) {
                    add(headers, name, value);
                }
            }
            headers.addAll(call.headers());
        }
        return headers;
    }

    private static void add(List<String> headers, String name, String value) {
        headers.add(name);
        headers.add(value);
    }

    /** A body that was compressed. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
    private record Packed(byte[] bytes) implements Outbound.Body {
        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public void writeTo(java.io.OutputStream to) throws IOException {
            to.write(bytes);
        }
    }

    private Outbound.@Nullable Body packed(Outbound.@Nullable Body body) {
        var bytes = body == null ? null : body.bytes();
        if (bytes == null || !client.config().gzipRequests() || bytes.length < WORTH_PACKING) {
            return body;
        }
        var to = new ByteArrayOutputStream(bytes.length / 4);
        try (var gzip = new GZIPOutputStream(to)) {
            gzip.write(bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new Packed(to.toByteArray());
    }

    // ---- what comes back -------------------------------------------------------------------------------------------

    private Answer answer(Reply reply, Target target, EtagCache.@Nullable Entry cached) {
        long begin = deadline.time().nanos();
        long limit = client.config().maxResponse().bytes();
        int status = reply.status();
        try {
            if (status == 304 && cached != null) {
                return Answer.of(this, cached.status(), cached.fields(), cached.bytes());
            }
            if (status >= 300) {
                var said = BodyLimit.read(reply, limit);
                throw Failed.refused(
                        toString(), status, reply.header("content-type"), reply.header("retry-after"), said);
            }
            if (reading != null) {
                read(reading, Answer.live(this, status, reply.fields(), BodyLimit.of(reply, limit)));
                return Answer.of(this, status, reply.fields(), new byte[0]);
            }
            var bytes = BodyLimit.read(reply, limit);
            keep(reply, bytes);
            return Answer.of(this, status, reply.fields(), bytes);
        } catch (BodyLimit.Exceeded tooLarge) {
            throw Failed.tooLarge(toString(), client.name(), limit);
        } catch (Fault fault) {
            var problem = Failed.of(toString(), fault, target, millisSince(begin));
            // Who has read a part of it can't take the whole again.
            throw reading == null ? problem : problem.with("retryable", false);
        } catch (IOException other) {
            throw new UncheckedIOException(other);
        }
    }

    private static void read(Reading reader, Answer live) throws IOException {
        try {
            reader.read(live);
        } catch (Fault | BodyLimit.Exceeded ofTheAnswer) {
            throw ofTheAnswer;
        } catch (IOException | RuntimeException own) {
            throw new ReaderFailed(own);
        }
    }

    private EtagCache.@Nullable Entry cached() {
        var etags = client.etags();
        boolean usable = etags != null && reading == null && call.method().equals("GET") && !call.sets("If-None-Match");
        return usable && etags != null ? etags.get(key()) : null;
    }

    private void keep(Reply reply, byte[] bytes) {
        var etags = client.etags();
        if (etags == null || reply.status() != 200 || !call.method().equals("GET") || call.sets("If-None-Match")) {
            return;
        }
        var etag = reply.header("etag");
        var control = String.join(",", reply.headers("cache-control")).toLowerCase(Locale.ROOT);
        if (etag == null
                || control.contains("no-store")
                || reply.headers("vary").contains("*")) {
            etags.remove(key());
        } else {
            etags.put(key(), new EtagCache.Entry(etag, 200, reply.fields(), bytes));
        }
    }

    /** Whatever the call says of itself may make the answer another one: most of all on whose behalf it is made. */
    private String key() {
        var key = new StringBuilder(path);
        for (var header : call.headers()) {
            key.append('\n').append(header);
        }
        for (var name : client.config().propagate()) {
            key.append('\n').append(name).append('=').append(trace.incoming(name));
        }
        return key.toString();
    }
}
