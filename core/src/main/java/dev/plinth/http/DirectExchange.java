package dev.plinth.http;

import dev.plinth.http.engine.Exchange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A request that comes from within the process; its answer is held in memory. */
final class DirectExchange implements Exchange {
    private final String method;
    private final String path;
    private final String query;
    private final List<String> headers;
    private final byte[] body;
    private final List<String> answerHeaders = new ArrayList<>();
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
    private int status;
    private boolean complete;

    /**
     * A request.
     *
     * @param target path and query
     * @param headers names and values in turn
     */
    DirectExchange(String method, String target, List<String> headers, byte[] body) {
        int question = target.indexOf('?');
        this.method = method;
        this.path = question < 0 ? target : target.substring(0, question);
        this.query = question < 0 ? "" : target.substring(question + 1);
        this.headers = headers;
        this.body = body;
    }

    /** The answer; null where there is none, or only the begin of one. */
    @Nullable
    DirectAnswer answer() {
        return complete ? new DirectAnswer(status, List.copyOf(answerHeaders), answer.toByteArray()) : null;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String query() {
        return query;
    }

    @Override
    public @Nullable String header(String lowerCaseName) {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase(lowerCaseName)) {
                return headers.get(i + 1);
            }
        }
        return null;
    }

    @Override
    public List<String> headers(String lowerCaseName) {
        var values = new ArrayList<String>();
        eachHeader((name, value) -> {
            if (name.equals(lowerCaseName)) {
                values.add(value);
            }
        });
        return values;
    }

    @Override
    public void eachHeader(BiConsumer<String, String> to) {
        for (int i = 0; i < headers.size(); i += 2) {
            to.accept(headers.get(i).toLowerCase(Locale.ROOT), headers.get(i + 1));
        }
    }

    @Override
    public long contentLength() {
        return body.length;
    }

    @Override
    public InputStream body() {
        return new ByteArrayInputStream(body);
    }

    @Override
    public void timeLimit(Duration limit) {
        // Nothing in memory is waited for.
    }

    @Override
    public InetSocketAddress peer() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Override
    public boolean secure() {
        return false;
    }

    @Override
    public List<X509Certificate> certificates() {
        return List.of();
    }

    @Override
    public void responseHeader(String name, String value) {
        answerHeaders.add(name.toLowerCase(Locale.ROOT));
        answerHeaders.add(value);
    }

    @Override
    public void closeConnection() {
        // There is none.
    }

    @Override
    public void send(int newStatus, byte[] whole) {
        status = newStatus;
        if (!method.equals("HEAD")) {
            answer.writeBytes(whole);
        }
        complete = true;
    }

    @Override
    public OutputStream stream(int newStatus) {
        status = newStatus;
        return new OutputStream() {
            @Override
            public void write(int octet) {
                answer.write(octet);
            }

            @Override
            public void write(byte[] from, int offset, int length) {
                answer.write(from, offset, length);
            }

            @Override
            public void close() throws IOException {
                complete = true;
            }
        };
    }

    @Override
    public boolean answered() {
        return status != 0;
    }
}
