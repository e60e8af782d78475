package dev.plinth.client;

import dev.plinth.error.Problem;
import dev.plinth.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the other side answered, with a status below 300. Its body is in memory, except inside {@link Call#read}, where
 * it is read as it comes. Used by one thread.
 */
public final class Answer {
    private static final Json JSON = Json.standard();

    /** What it answers, as text. */
    private final Object call;

    private final int status;
    private final String[] fields;
    private final InputStream body;
    private final byte @Nullable [] bytes;

    private Answer(Object call, int status, String[] fields, InputStream body, byte @Nullable [] bytes) {
        this.call = call;
        this.status = status;
        this.fields = fields;
        this.body = body;
        this.bytes = bytes;
    }

    /** One whose body is there. */
    static Answer of(Object call, int status, String[] fields, byte[] bytes) {
        return new Answer(call, status, fields, new ByteArrayInputStream(bytes), bytes);
    }

    /** One whose body is on its way. */
    static Answer live(Object call, int status, String[] fields, InputStream body) {
        return new Answer(call, status, fields, body, null);
    }

    /** The status, 200 to 299. */
    public int status() {
        return status;
    }

    /** The first value of a header, whatever the case of its name. */
    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    /** All values of a header, whatever the case of its name. */
    public List<String> headers(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        var values = new ArrayList<String>(1);
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i].equals(lower)) {
                values.add(fields[i + 1]);
            }
        }
        return values;
    }

    /** Names in lower case and values, in turn. */
    String[] fields() {
        return fields;
    }

    /** The body as it comes, decompressed; its reads end with the deadline, and with {@code max-response}. */
    public InputStream body() {
        return body;
    }

    /**
     * The whole body.
     *
     * @throws IllegalStateException if it is read as it comes
     */
    public byte[] bytes() {
        return held().clone();
    }

    /** The whole body as text in UTF-8. */
    public String text() {
        return new String(held(), StandardCharsets.UTF_8);
    }

    private byte[] held() {
        if (bytes == null) {
            throw new IllegalStateException("the body of " + call + " is read as it comes: take body()");
        }
        return bytes;
    }

    /**
     * The body as a record.
     *
     * @throws Problem 502 {@code UPSTREAM_GARBAGE} if it is none
     */
    public <T> T as(Class<T> type) {
        try {
            return JSON.read(held(), type);
        } catch (RuntimeException garbage) {
            throw garbage(type.getSimpleName(), garbage);
        }
    }

    /** The body as a list of records; fails as {@link #as} does. */
    public <T> List<T> list(Class<T> type) {
        try {
            @SuppressWarnings("unchecked") // The codec of ListOf(type) reads a list of that type.
            var list = (List<T>) JSON.read(held(), new ListOf(type));
            return list;
        } catch (RuntimeException garbage) {
            throw garbage("list of " + type.getSimpleName(), garbage);
        }
    }

    /** The same answer with that member of its object as the body; empty where it has none. */
    Optional<Answer> node(String member) {
        var tree = as(Object.class);
        var value = tree instanceof Map<?, ?> object ? object.get(member) : null;
        return value == null ? Optional.empty() : Optional.of(of(call, status, fields, JSON.write(value)));
    }

    private Problem garbage(String wanted, RuntimeException why) {
        var found = held().length == 0 ? "nothing, where it was to be a " : "what is no ";
        return Failed.garbage(call.toString(), "answered " + found + wanted + ": " + why.getMessage(), why);
    }

    /** What reads a body as it comes. */
    @FunctionalInterface
    public interface Reader<T extends @Nullable Object> {
        /** Reads as much as it wants; what it leaves is thrown away. */
        T read(Answer answer) throws IOException;
    }

    private record ListOf(Class<?> item) implements ParameterizedType {
        @Override
        public Type[] getActualTypeArguments() {
            return new Type[] {item};
        }

        @Override
        public Type getRawType() {
            return List.class;
        }

        @Override
        public @Nullable Type getOwnerType() {
            return null;
        }
    }
}
