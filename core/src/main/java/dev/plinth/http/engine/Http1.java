package dev.plinth.http.engine;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP/1 side of a connection: one request after the other, each read, handed to the handler, and finished. */
final class Http1 {
    private static final Logger LOG = LoggerFactory.getLogger(Http1.class);

    private final SocketEngine engine;
    private final Connection wire;
    private final Bytes headers = new Bytes(256);
    private final Bytes out = new Bytes(1024);

    Http1(SocketEngine engine, Connection wire) {
        this.engine = engine;
        this.wire = wire;
    }

    void serve() throws IOException {
        try {
            while (wire.awaitRequest()) {
                var head = RequestHead.read(wire, engine.maxHeaderBytes(), System.nanoTime() + engine.readNanos());
                if (head == null || !answer(head)) {
                    return;
                }
            }
        } catch (Refused refused) {
            refuse(refused);
        }
    }

    private boolean answer(RequestHead head) throws IOException {
        headers.clear();
        long length = head.bodyLength();
        boolean awaited = length != 0 && !head.http10() && head.hasToken("expect", "100-continue");
        var body = new RequestBody(wire, length, awaited, engine.maxBodyBytes());
        var exchange = new Http1Exchange(this, head, body, length);
        try {
            engine.handler().handle(exchange);
        } catch (RuntimeException | Error bug) {
            LOG.error("{}: the handler of {} threw", engine.name(), head.method(), bug);
            if (exchange.answered()) {
                wire.cut();
                return false;
            }
        }
        // An interrupt that was meant for the handler would close the socket at the next read.
        Thread.interrupted();
        return exchange.finish(engine.readNanos());
    }

    private void refuse(Refused refused) throws IOException {
        var json = refused.json();
        out.clear();
        out.add("HTTP/1.1 ").addDecimal(refused.status()).add(" ").add(Status.phrase(refused.status()));
        out.add("\r\n").add(date()).add("Content-Type: application/problem+json\r\nContent-Length: ");
        out.addDecimal(json.length).add("\r\nConnection: close\r\n\r\n").add(json);
        wire.write(out);
        wire.linger();
    }

    Connection wire() {
        return wire;
    }

    /** The header lines of the answer. */
    Bytes headers() {
        return headers;
    }

    /** What is written next. */
    Bytes out() {
        return out;
    }

    String date() {
        return engine.date();
    }

    boolean closing() {
        return engine.closing();
    }
}
