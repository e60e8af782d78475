package dev.plinth.http;

import dev.plinth.error.Category;
import dev.plinth.error.Problem;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a document of OpenAPI says of one route, beside what the route itself tells: {@link Http#describe}.
 *
 * <pre>{@code
 * .get("/orders/{id}", request -> Optional.ofNullable(orders.get(request.path("id"))))
 * .describe(it -> it.summary("One order").returns(Order.class).problem(404, "NOT_FOUND", "There is no such order."))
 * }</pre>
 *
 * <p>Nothing of it is needed, and nothing of it changes what the route does. Texts are Markdown. Used by one thread, when
 * the document is made.
 */
public final class Operation {
    private static final Pattern ID = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,99}");
    private static final Pattern MEDIA_TYPE = Pattern.compile("[a-z0-9.+*-]+/[a-z0-9.+*-]+");

    /**
     * One answer.
     *
     * @param type what it is in JSON; null for nothing, or for bytes or text as they are
     * @param mediaType null for an answer without body
     */
    record Answer(int status, @Nullable Type type, boolean list, @Nullable String mediaType) {}

    /** A problem that callers are to know. */
    record Told(int status, Category category, String code, String sentence) {}

    /** What the chassis itself answers where it judges what comes in. */
    static final Told VALIDATION_FAILED = new Told(
            400,
            Category.BAD_REQUEST,
            "VALIDATION_FAILED",
            "What was sent breaks rules. The violations name each of them.");

    @Nullable
    String id;

    @Nullable
    String summary;

    @Nullable
    String description;

    final List<String> tags = new ArrayList<>(0);
    final Map<String, Class<?>> pathTypes = new LinkedHashMap<>();
    final Map<String, String> pathDocs = new LinkedHashMap<>();

    @Nullable
    Class<? extends Record> query;

    @Nullable
    Class<? extends Record> headers;

    @Nullable
    Class<? extends Record> cookies;

    @Nullable
    Type body;

    @Nullable
    Class<? extends Record> form;

    @Nullable
    String bodyType;

    @Nullable
    Object bodyExample;

    final List<Answer> answers = new ArrayList<>(1);
    final Map<Integer, Object> answerExamples = new LinkedHashMap<>();
    final List<Told> problems = new ArrayList<>(0);
    boolean deprecated;
    boolean hidden;

    Operation(@Nullable Class<?> body) {
        this.body = body;
    }

    /**
     * The name that programs know it by. Without one it is made of method and path, {@code getOrdersById}, and so changes
     * with them.
     *
     * @throws IllegalArgumentException if it is no name: a letter, then letters, digits and {@code _.-}
     */
    public Operation id(String newId) {
        if (!ID.matcher(newId).matches()) {
            throw new IllegalArgumentException("operation id '" + newId
                    + "' (expected: a letter, then letters, digits and _.-, such as getOrder)");
        }
        id = newId;
        return this;
    }

    /** What it does, in a few words. Without them they are the id's. */
    public Operation summary(String words) {
        summary = words;
        return this;
    }

    /** What there is to know of it. */
    public Operation description(String text) {
        description = text;
        return this;
    }

    /** What it belongs to. Without any it is the tag of its {@linkplain Http#tag group}. */
    public Operation tags(String... names) {
        tags.addAll(List.of(names));
        return this;
    }

    /** The type of a path parameter, as {@link Request#path(String, Class)} reads it; text without. */
    public Operation path(String name, Class<?> type) {
        pathTypes.put(name, type);
        return this;
    }

    /** The type of a path parameter, and what it is. */
    public Operation path(String name, Class<?> type, String sentence) {
        pathDocs.put(name, sentence);
        return path(name, type);
    }

    /** The query, as {@link Request#query(Class)} binds it. */
    public Operation query(Class<? extends Record> type) {
        query = type;
        return this;
    }

    /** The headers, as {@link Request#headers(Class)} binds them. */
    public Operation headers(Class<? extends Record> type) {
        headers = type;
        return this;
    }

    /** The cookies, as {@link Request#cookies(Class)} binds them. */
    public Operation cookies(Class<? extends Record> type) {
        cookies = type;
        return this;
    }

    /** The body, as {@link Request#body(Class)} binds it. A route that was added with a type for it needs no more. */
    public Operation body(Type type) {
        body = type;
        return this;
    }

    /** A body that is read as it comes: {@code text/csv}. */
    public Operation bodyAs(String mediaType) {
        bodyType = mediaType(mediaType);
        return this;
    }

    /** The body as a form, as {@link Request#form(Class)} binds it; with files if it has an {@link Upload}. */
    public Operation form(Class<? extends Record> type) {
        form = type;
        return this;
    }

    /** A body as an example; best a record of its type, which the compiler keeps right. */
    public Operation bodyExample(Object value) {
        bodyExample = value;
        return this;
    }

    /** 200 with that in JSON. */
    public Operation returns(Type type) {
        return returns(200, type);
    }

    /** That status with that in JSON. */
    public Operation returns(int status, Type type) {
        answers.add(new Answer(status, type, false, "application/json"));
        return this;
    }

    /** 200 with a list of those in JSON. */
    public Operation returnsList(Type item) {
        answers.add(new Answer(200, item, true, "application/json"));
        return this;
    }

    /** That status without a body: 204, 202, 303. */
    public Operation returns(int status) {
        answers.add(new Answer(status, null, false, null));
        return this;
    }

    /** 200 with bytes or text as they are: {@code text/csv}, {@code text/event-stream}, {@code image/*}. */
    public Operation returnsAs(String mediaType) {
        answers.add(new Answer(200, null, false, mediaType(mediaType)));
        return this;
    }

    private static String mediaType(String text) {
        if (!MEDIA_TYPE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "media type '" + text + "' (expected: type/subtype in lower case, such as text/csv)");
        }
        return text;
    }

    /** An example of the answer with that status; best a record of its type. */
    public Operation answerExample(int status, Object value) {
        answerExamples.put(status, value);
        return this;
    }

    /**
     * A problem that callers are to know, as the route throws it.
     *
     * @param code as {@link Problem#code()}
     * @param sentence when that happens
     * @throws IllegalArgumentException if no {@link Problem} can have that status or code
     */
    public Operation problem(int status, String code, String sentence) {
        var example = Problem.of(category(status), code, sentence).withStatus(status);
        problems.add(new Told(status, example.category(), code, sentence));
        return this;
    }

    /** The category that a problem of that status most often has. */
    private static Category category(int status) {
        return switch (status) {
            case 401, 403 -> Category.UNAUTHORIZED;
            case 404, 410 -> Category.NOT_FOUND;
            case 409, 412 -> Category.CONFLICT;
            case 501 -> Category.UNSUPPORTED;
            case 502, 504 -> Category.NO_RESPONSE;
            case 503 -> Category.INVALID_STATE;
            default -> status < 500 ? Category.BAD_REQUEST : Category.UNKNOWN;
        };
    }

    /** Callers should find another way. */
    public Operation deprecated() {
        deprecated = true;
        return this;
    }

    /** Leaves the route out of the document. */
    public Operation hidden() {
        hidden = true;
        return this;
    }
}
