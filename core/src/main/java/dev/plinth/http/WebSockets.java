package dev.plinth.http;

import dev.plinth.context.Context;
import dev.plinth.http.engine.Exchange;
import dev.plinth.json.Json;
import dev.plinth.time.Time;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The WebSockets of one listener that are open. Thread-safe. */
final class WebSockets {
    private final WebSocketConfig config;
    private final Json json;
    private final Time time;
    private final Set<WebSocket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean ending;

    WebSockets(WebSocketConfig config, Json json, Time time) {
        this.config = config;
        this.json = json;
        this.time = time;
    }

    /** Opens one, and returns when it is closed. What its handler throws is for the log. */
    int serve(Exchange exchange, Request request, WebSocket.Opening opening, Duration limit) throws Exception {
        exchange.timeLimit(limit);
        var socket = new WebSocket(exchange.upgrade("websocket"), config, json, time, request, opening.protocol());
        open.add(socket);
        try {
            if (ending) {
                socket.goAway();
            }
            var context = opening.context() == Context.EMPTY ? Context.current() : opening.context();
            socket.serve(opening.handler(), context.withoutDeadline());
        } finally {
            open.remove(socket);
        }
        return 101;
    }

    /** Tells all clients that the service goes away, without waiting for any of them. */
    void end() {
        ending = true;
        open.forEach(socket -> Thread.ofVirtual().name("web-socket-end").start(socket::goAway));
    }
}
