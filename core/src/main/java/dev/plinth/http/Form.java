package dev.plinth.http;

import dev.plinth.schema.Property;
import dev.plinth.time.Time;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A form that was sent: fields with texts, and files. Belongs to the thread of the request.
 *
 * <pre>{@code
 * .post("/photos", request -> {
 *     var form = request.form();
 *     return photos.add(form.text("title").orElse(""), form.file("photo").orElseThrow());
 * })
 * }</pre>
 */
public final class Form {
    private final Map<String, List<String>> fields;
    private final List<Upload> files;
    private final Time time;

    Form(Map<String, List<String>> fields, List<Upload> files, Time time) {
        this.fields = fields;
        this.files = files;
        this.time = time;
    }

    /** The names of its fields with texts. */
    Set<String> names() {
        return fields.keySet();
    }

    /** The first text of a field. */
    public Optional<String> text(String name) {
        return texts(name).stream().findFirst();
    }

    /**
     * The first text of a field as a type that {@link dev.plinth.schema.TextParser} reads; an empty one is none.
     *
     * @throws dev.plinth.error.Problem 400 {@code VALIDATION_FAILED} if it can't be read so
     */
    public <T> Optional<T> text(String name, Class<T> type) {
        return text(name).filter(text -> !text.isEmpty()).map(text -> Request.parse("form:" + name, text, type));
    }

    /** All texts of a field, in their order. */
    public List<String> texts(String name) {
        return List.copyOf(fields.getOrDefault(name, List.of()));
    }

    /** The first file of a field. */
    public Optional<Upload> file(String name) {
        return files(name).stream().findFirst();
    }

    /** All files of a field, in their order. */
    public List<Upload> files(String name) {
        return files.stream().filter(upload -> upload.field().equals(name)).toList();
    }

    /** All files, in their order. */
    public List<Upload> files() {
        return files;
    }

    /**
     * The form as a record: a component takes the field of its name, a list all texts of it, an {@link Upload} the file.
     * An empty text is none where something else than text is asked for.
     *
     * @throws dev.plinth.error.Problem 400 {@code VALIDATION_FAILED} with all that is wrong
     */
    public <T extends Record> T as(Class<T> type) {
        return Binding.bind(
                type,
                "form:",
                new Binding.Source() {
                    @Override
                    public List<String> texts(String name) {
                        return Form.this.texts(name);
                    }

                    @Override
                    public List<Upload> files(String name) {
                        return Form.this.files(name);
                    }

                    @Override
                    public boolean blankIsNone() {
                        return true;
                    }
                },
                Property::name,
                time);
    }
}
