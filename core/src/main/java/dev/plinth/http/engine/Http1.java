package dev.plinth.http.engine;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP/1 side of a connection: one request after the other, each read, handed to the handler, and finished. */
final class Http1 {
    private static final Logger LOG = LoggerFactory.getLogger(Http1.class);

    static final byte[] HTTP2_PREFACE = Ascii.bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    private static final byte[] SWITCHING =
            Ascii.bytes("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");

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
            for (boolean first = true; wire.awaitRequest(); first = false) {
                long until = System.nanoTime() + engine.readNanos();
                if (first && engine.speaksHttp2() && wire.startsWith(HTTP2_PREFACE, until)) {
                    new Http2(engine, wire).serve(HTTP2_PREFACE, null);
                    return;
                }
                var head = RequestHead.read(wire, engine.maxHeaderBytes(), engine.bounds(), until);
                if (head != null && asksForHttp2(head)) {
                    wire.write(SWITCHING, 0, SWITCHING.length);
                    new Http2(engine, wire).serve(HTTP2_PREFACE, head);
                    return;
                }
                if (head == null || !answer(head)) {
                    return;
                }
            }
        } catch (Refused refused) {
            refuse(refused);
        }
    }

    /** Whether the request asks for HTTP/2 (RFC 7540, section 3.2) and gets it. One with a body doesn't. */
    private boolean asksForHttp2(RequestHead head) throws IOException {
        return engine.upgradesToHttp2()
                && head.header("upgrade") != null
                && head.hasToken("upgrade", "h2c")
                && head.hasToken("connection", "upgrade")
                && head.headers("http2-settings").size() == 1
                && !head.http10()
                && head.bodyLength() == 0
                && Http2.isUpgrade(head);
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
        boolean more = exchange.finish(engine.readNanos());
        if (more && !exchange.hadTurn()) {
            engine.turns().await();
        }
        return more;
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

    Turns turns() {
        return engine.turns();
    }

    String date() {
        return engine.date();
    }

    boolean closing() {
        return engine.closing();
    }
}
