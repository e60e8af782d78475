package dev.plinth.json;

import dev.plinth.error.Violation;
import dev.plinth.time.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.ByteArrayBuilder;

/**
 * Reads and writes records as JSON: strictly, and telling the place of everything that is wrong at once.
 *
 * <p>The names in JSON are those of the record's components. What is read is judged by the rules of its {@link
 * dev.plinth.schema.Schema} on the way, so that one answer names wrong types, missing values and broken rules together.
 *
 * <ul>
 *   <li>A string is never taken for a number, nor a number for a string, nor 1.0 for a whole number.
 *   <li>Null and nothing are the same: the component's {@link dev.plinth.schema.Default}, or an empty Optional, or null.
 *       A primitive must be given. A collection that is not given is null unless it has a default, so that {@code
 *       NotNull} can ask for it.
 *   <li>Names that the record does not have are skipped, unless {@link #strict()}.
 *   <li>Enums are written by their exact names; dates, times, durations and all else that {@link
 *       dev.plinth.schema.TextParser} reads as text in their ISO or usual form; {@code byte[]} as Base64; a {@link
 *       dev.plinth.secret.Secret} as {@code ***}.
 *   <li>Null is written as null; a component that is an empty Optional is left out.
 *   <li>{@link Object} is read as a tree of Map, List, String, Boolean, Integer, Long, BigInteger, BigDecimal and null,
 *       and written as the class of the value says. Lists, sets and maps that were read can't be changed.
 *   <li>A sealed interface of records is read and written by the key of {@link dev.plinth.schema.ChosenBy}, which may stand
 *       anywhere in the object. Where a value of it is not declared as that interface, as a whole document is not, it is
 *       written with the key if the interface has the annotation.
 *   <li>Any other class is left to Jackson's databind.
 * </ul>
 *
 * <p>Documents are UTF-8, with or without a byte order mark, at most 64 levels deep, with texts of at most 10 MiB, names of
 * 1,000 and numbers of 100 characters. The whole document is held in memory; bound its size before.
 *
 * <p>Immutable, thread-safe.
 */
public final class Json {
    private static final int MOST_LEVELS = 64;
    private static final int LONGEST_TEXT = 10 << 20;

    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MOST_LEVELS)
                    .maxStringLength(LONGEST_TEXT)
                    .maxNameLength(1000)
                    .maxNumberLength(100)
                    .build())
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(MOST_LEVELS)
                    .build())
            .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .build();

    private static final Json STANDARD = new Json(Time.system(), false, FACTORY);

    private final Time time;
    private final boolean strict;
    private final JsonFactory factory;
    private final ConcurrentHashMap<Type, Codec> codecs = new ConcurrentHashMap<>();

    private Json(Time time, boolean strict, JsonFactory factory) {
        this.time = time;
        this.strict = strict;
        this.factory = factory;
    }

    /** The one that skips unknown names and judges past and future by the machine's clock. */
    public static Json standard() {
        return STANDARD;
    }

    /** The same that refuses names that a record does not have. */
    public Json strict() {
        return new Json(time, true, factory);
    }

    /** The same that judges past and future by {@code newTime}. */
    public Json withTime(Time newTime) {
        return new Json(newTime, strict, factory);
    }

    /**
     * The same that reads documents of other limits than the usual ones.
     *
     * @param levels objects and lists within each other; each takes some of the stack
     * @param text bytes of one text
     */
    public Json withLimits(int levels, int text) {
        if (levels == MOST_LEVELS && text == LONGEST_TEXT) {
            return this;
        }
        var constraints = FACTORY.streamReadConstraints()
                .rebuild()
                .maxNestingDepth(levels)
                .maxStringLength(text)
                .build();
        return new Json(
                time,
                strict,
                FACTORY.rebuild().streamReadConstraints(constraints).build());
    }

    /**
     * Finds out now whether values of that type can be read and written, and how: so that a mistake in a declaration is
     * told at the start.
     *
     * @throws dev.plinth.schema.SchemaException with all faults of the records within
     */
    public void prepare(Type type) {
        codec(type);
    }

    /**
     * Reads one document. The result is never null.
     *
     * @throws JsonException with everything that is wrong with it
     * @throws dev.plinth.schema.SchemaException if the type itself can't be read
     */
    public <T> T read(byte[] document, Class<T> type) {
        @SuppressWarnings("unchecked") // A codec reads what it is the codec of; cast() would refuse primitives.
        var value = (T) read(document, (Type) type);
        return value;
    }

    /**
     * Reads one document of a type such as {@code List<Order>}. The result is never null.
     *
     * @throws JsonException with everything that is wrong with it
     * @throws dev.plinth.schema.SchemaException if the type itself can't be read
     */
    public Object read(byte[] document, Type type) {
        var codec = codec(type);
        var start = document.length >= 3
                        && document[0] == (byte) 0xef
                        && document[1] == (byte) 0xbb
                        && document[2] == (byte) 0xbf
                ? 3
                : 0;
        var fault = Unicode.firstFault(document);
        if (fault >= 0) {
            throw malformed("is not Unicode in UTF-8", line(document, fault), column(document, fault));
        }
        try (var parser = factory.createParser(ObjectReadContext.empty(), document, start, document.length - start)) {
            return read(parser, codec);
        }
    }

    /**
     * Reads one document from a stream, to its end; the stream is not closed.
     *
     * @throws JsonException with everything that is wrong with it
     * @throws UncheckedIOException if the stream fails
     */
    public <T> T read(InputStream document, Class<T> type) {
        return read(bytes(document), type);
    }

    /**
     * Reads one document of a type such as {@code List<Order>} from a stream, to its end; the stream is not closed.
     *
     * @throws JsonException with everything that is wrong with it
     * @throws UncheckedIOException if the stream fails
     */
    public Object read(InputStream document, Type type) {
        return read(bytes(document), type);
    }

    private static byte[] bytes(InputStream stream) {
        try {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Codec codec(Type type) {
        if (type instanceof Class<?>) {
            return Codecs.of(type);
        }
        var codec = codecs.get(type);
        if (codec == null) {
            codec = Codecs.of(type);
            codecs.put(type, codec);
        }
        return codec;
    }

    private Object read(JsonParser parser, Codec codec) {
        var in = new Reading(parser, time, strict);
        try {
            var token = parser.nextToken();
            if (token == null || token == JsonToken.VALUE_NULL) {
                in.report(Violation.of("", "REQUIRED", token == null ? "must not be empty" : "must not be null"));
            }
            var value = token == null || token == JsonToken.VALUE_NULL ? Mark.FAILED : codec.read(in);
            if (parser.nextToken() != null) {
                throw malformed("has more after its end", parser.currentTokenLocation());
            }
            if (value == Mark.FAILED || !in.violations().isEmpty()) {
                throw new JsonException(in.violations());
            }
            return value;
        } catch (StreamConstraintsException e) {
            throw new JsonException(List.of(Violation.of("", "LIMIT_EXCEEDED", limit(e, parser.currentLocation()))));
        } catch (UnexpectedEndOfInputException e) {
            throw malformed("ends too early", parser.currentLocation());
        } catch (JacksonException e) {
            var location = e.getLocation() == null ? parser.currentLocation() : e.getLocation();
            throw malformed("is not valid JSON: " + reason(e), location);
        }
    }

    /** Jackson's own words, without its advice to its users. */
    private static String reason(JacksonException e) {
        var reason = String.valueOf(e.getOriginalMessage());
        for (var end : List.of(": enable `", " (for ", " (not recognized", " (start marker")) {
            var at = reason.indexOf(end);
            if (at >= 0) {
                reason = reason.substring(0, at);
            }
        }
        return reason.length() > 200 ? reason.substring(0, 200) + "…" : reason;
    }

    /** "Name length (2000) exceeds the maximum allowed (1000, from `…`)": all but the last words. */
    private static String limit(StreamConstraintsException e, TokenStreamLocation location) {
        var reason = String.valueOf(e.getOriginalMessage());
        var end = reason.indexOf(", from `");
        return "is too large at " + place(location.getLineNr(), location.getColumnNr()) + ": "
                + (end < 0 ? reason : reason.substring(0, end) + ")");
    }

    private static JsonException malformed(String what, TokenStreamLocation location) {
        return malformed(what, location.getLineNr(), location.getColumnNr());
    }

    private static JsonException malformed(String what, int line, int column) {
        return new JsonException(List.of(Violation.of("", "MALFORMED_JSON", what + " (" + place(line, column) + ")")));
    }

    private static String place(int line, int column) {
        return "line " + line + ", column " + column;
    }

    private static int line(byte[] document, int offset) {
        var line = 1;
        for (int i = 0; i < offset; i++) {
            line += document[i] == '\n' ? 1 : 0;
        }
        return line;
    }

    private static int column(byte[] document, int offset) {
        var start = offset;
        while (start > 0 && document[start - 1] != '\n') {
            start--;
        }
        return offset - start + 1;
    }

    /**
     * Writes a value as one compact document.
     *
     * @throws IllegalArgumentException if something in it has no form in JSON, with its place: NaN, a null key, more
     *     than 64 levels
     */
    public byte[] write(@Nullable Object value) {
        var recycler = FACTORY._getBufferRecycler();
        try (var bytes = new ByteArrayBuilder(recycler)) {
            write(value, bytes);
            return bytes.getClearAndRelease();
        } finally {
            recycler.releaseToPool();
        }
    }

    /**
     * Writes a value as one compact document to a stream, which is neither flushed nor closed. Nothing is written if
     * the value can't be.
     *
     * @throws IllegalArgumentException if something in it has no form in JSON, with its place
     * @throws UncheckedIOException if the stream fails
     */
    public void write(@Nullable Object value, OutputStream to) {
        try {
            to.write(write(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(@Nullable Object value, ByteArrayBuilder bytes) {
        try (var out = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes, JsonEncoding.UTF8)) {
            try {
                if (value == null) {
                    out.writeNull();
                } else {
                    Codecs.ofValue(value).write(value, out);
                }
            } catch (IllegalArgumentException | JacksonException e) {
                var pointer = out.streamWriteContext().pathAsPointer().toString();
                throw new IllegalArgumentException(
                        "can't write "
                                + (value == null ? "null" : value.getClass().getTypeName())
                                + (pointer.isEmpty() ? "" : " at " + pointer) + ": "
                                + (e instanceof JacksonException j ? j.getOriginalMessage() : e.getMessage()),
                        e);
            }
        }
    }
}
