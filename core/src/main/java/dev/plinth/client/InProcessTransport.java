package dev.plinth.client;

import dev.plinth.client.engine.Fault;
import dev.plinth.client.engine.Outbound;
import dev.plinth.client.engine.Reply;
import dev.plinth.client.engine.Target;
import dev.plinth.client.engine.Transport;
import dev.plinth.context.Deadline;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Takes calls to a service of this process; bodies are held in memory. */
final class InProcessTransport implements Transport {
    private final InProcess service;

    InProcessTransport(InProcess service) {
        this.service = service;
    }

    /** On a thread of its own, as over the wire: the caller stops waiting at its deadline, whatever is done there. */
    @Override
    public Reply send(Outbound request, Target target, Deadline deadline) throws Fault {
        var body = bytes(request);
        var over = new CountDownLatch(1);
        var received = new AtomicReference<InProcess.@Nullable Received>();
        var failure = new AtomicReference<@Nullable RuntimeException>();
        var thread = Thread.ofVirtual().name("in-process").start(() -> {
            try {
                received.set(service.call(request.method(), request.path(), request.headers(), body));
            } catch (RuntimeException failed) {
                failure.set(failed);
            } finally {
                over.countDown();
            }
        });
        var timer = deadline.time().after(deadline.remaining(), over::countDown);
        try {
            over.await();
        } catch (InterruptedException interrupted) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw Fault.sent(Fault.Kind.INTERRUPTED, "interrupted while it waited for an answer", interrupted);
        } finally {
            timer.cancel();
        }
        var answer = received.get();
        if (answer == null) {
            throw deadline.expired()
                    ? Fault.sent(Fault.Kind.TIMEOUT, "the deadline passed while it waited for an answer", null)
                    : Fault.sent(Fault.Kind.BROKEN, "the service failed without an answer", failure.get());
        }
        return new Reply(
                answer.status(),
                answer.headers().toArray(String[]::new),
                answer.body().length,
                new ByteArrayInputStream(answer.body()));
    }

    private static byte[] bytes(Outbound request) throws Fault {
        var body = request.body();
        if (body == null) {
            return new byte[0];
        }
        var held = body.bytes();
        if (held != null) {
            return held;
        }
        try {
            var written = new ByteArrayOutputStream();
            body.writeTo(written);
            return written.toByteArray();
        } catch (IOException failed) {
            throw Fault.notSent(Fault.Kind.BROKEN, "the body could not be written: " + failed.getMessage(), failed);
        }
    }

    @Override
    public void close() {
        // The service belongs to others.
    }
}
