package dev.plinth.schema;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The annotations of a record, read from its class file.
 *
 * <p>Reflection would answer the same, and make a class for each annotation type on the way: two to three milliseconds
 * each, also with an ahead-of-time cache, and ten for the first. A service with the annotations of its settings, of the
 * chassis and of its requests would spend a tenth of its start on them. The format is chapter 4 of the JVM specification;
 * only the attributes that annotations stand in are looked at.
 */
final class Declaration {
    /** What stands on one component: on the declaration itself, and on the type at each path within it. */
    record Component(List<Tag> declared, Map<String, List<Tag>> onType) {
        private static final Component PLAIN = new Component(List.of(), Map.of());
    }

    /** The jar that was read last: one after the other, records come from few. It is closed when memory is wanted. */
    private static volatile SoftReference<@Nullable Jar> latest = new SoftReference<>(null);

    private final ByteBuffer in;
    private final int[] constants;
    // The constants that name the three attributes; 0 where the class has none of that name.
    private int annotationsName;
    private int typeAnnotationsName;
    private int recordName;
    private final List<Tag> onRecord = new ArrayList<>(0);
    private final Map<String, Component> components = new HashMap<>();
    private final Map<String, List<Tag>> methods;

    private record Jar(File path, JarFile file) {}

    private Declaration(byte[] bytes) {
        in = ByteBuffer.wrap(bytes);
        in.position(8);
        constants = constants();
        skip(6);
        skip(2 * in.getChar());
        var fields = members(false);
        methods = members(true);
        for (int count = in.getChar(); count > 0; count--) {
            int name = in.getChar();
            var end = in.getInt() + in.position();
            if (name == annotationsName) {
                onRecord.addAll(tags());
            } else if (name == recordName) {
                components(fields);
            }
            in.position(end);
        }
    }

    /**
     * Reads the class file of that class, from where its loader has it.
     *
     * @throws IllegalStateException if the loader doesn't give it
     */
    static Declaration of(Class<?> type) {
        try {
            var bytes = fromJar(type);
            return new Declaration(bytes == null ? fromLoader(type) : bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(type.getName() + ": its class file can't be read", e);
        }
    }

    private static byte[] fromLoader(Class<?> type) throws IOException {
        var name = type.getName();
        try (var stream = type.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
            if (stream == null) {
                throw new IllegalStateException(name + ": its class file can't be read from " + type.getClassLoader()
                        + ". A record with a schema must be compiled to a file, not made at run time");
            }
            return stream.readAllBytes();
        }
    }

    /**
     * The same from the jar itself, where it is one of the class path: the connection of a URL would load classes and do work
     * that together cost more than all else here. Null where it isn't.
     */
    private static byte @Nullable [] fromJar(Class<?> type) throws IOException {
        var source = ClassLoader.getSystemClassLoader().equals(type.getClassLoader())
                ? type.getProtectionDomain().getCodeSource()
                : null;
        var location = source == null ? null : source.getLocation();
        if (location == null
                || !location.getProtocol().equals("file")
                || !location.getPath().endsWith(".jar")
                || location.getPath().indexOf('%') >= 0) {
            return null;
        }
        var jar = jar(new File(location.getPath()));
        var entry = jar.getEntry(type.getName().replace('.', '/').concat(".class"));
        if (entry == null) {
            return null;
        }
        try (var stream = jar.getInputStream(entry)) {
            return stream.readAllBytes();
        }
    }

    private static JarFile jar(File path) throws IOException {
        var known = latest.get();
        if (known != null && known.path().equals(path)) {
            return known.file();
        }
        var jar = new Jar(path, new JarFile(path, false, ZipFile.OPEN_READ, Runtime.version()));
        latest = new SoftReference<>(jar);
        return jar.file();
    }

    List<Tag> onRecord() {
        return onRecord;
    }

    Component component(String name) {
        return components.getOrDefault(name, Component.PLAIN);
    }

    /** The annotated methods, by name and descriptor: {@code isShort()Z}. */
    Map<String, List<Tag>> methods() {
        return methods;
    }

    /** The offset of each constant, behind its tag. */
    private int[] constants() {
        var offsets = new int[in.getChar()];
        for (int i = 1; i < offsets.length; i++) {
            var tag = in.get();
            offsets[i] = in.position();
            switch (tag) {
                case 1 -> {
                    var length = in.getChar();
                    attribute(i, length);
                    skip(length);
                }
                case 7, 8, 16, 19, 20 -> skip(2);
                case 15 -> skip(3);
                case 5, 6 -> {
                    skip(8);
                    i++;
                }
                default -> skip(4);
            }
        }
        return offsets;
    }

    /** Notes a constant that is the name of an attribute; most can be told by their length. */
    private void attribute(int constant, int length) {
        if (length == 6 && isText("Record")) {
            recordName = constant;
        } else if (length == 25 && isText("RuntimeVisibleAnnotations")) {
            annotationsName = constant;
        } else if (length == 29 && isText("RuntimeVisibleTypeAnnotations")) {
            typeAnnotationsName = constant;
        }
    }

    private boolean isText(String sought) {
        return new String(in.array(), in.position(), sought.length(), StandardCharsets.ISO_8859_1).equals(sought);
    }

    /** The annotations of fields by name, or of methods by name and descriptor, since several may have one name. */
    private Map<String, List<Tag>> members(boolean withDescriptor) {
        var annotated = new HashMap<String, List<Tag>>();
        for (int count = in.getChar(); count > 0; count--) {
            skip(2);
            var name = in.getChar();
            var descriptor = in.getChar();
            for (int attributes = in.getChar(); attributes > 0; attributes--) {
                int attribute = in.getChar();
                var end = in.getInt() + in.position();
                if (attribute == annotationsName) {
                    annotated.put(withDescriptor ? text(name) + text(descriptor) : text(name), tags());
                }
                in.position(end);
            }
        }
        return annotated;
    }

    private void components(Map<String, List<Tag>> fields) {
        for (int count = in.getChar(); count > 0; count--) {
            var name = text();
            skip(2);
            var declared = new ArrayList<>(fields.getOrDefault(name, List.of()));
            var onType = new HashMap<String, List<Tag>>();
            for (int attributes = in.getChar(); attributes > 0; attributes--) {
                int attribute = in.getChar();
                var end = in.getInt() + in.position();
                if (attribute == annotationsName) {
                    declared.addAll(tags());
                } else if (attribute == typeAnnotationsName) {
                    typeTags(onType);
                }
                in.position(end);
            }
            if (!declared.isEmpty() || !onType.isEmpty()) {
                components.put(name, new Component(declared, onType));
            }
        }
    }

    private void typeTags(Map<String, List<Tag>> onType) {
        for (int count = in.getChar(); count > 0; count--) {
            skip(1); // The target, which on a component is always the component.
            var path = path();
            var tags = onType.get(path);
            if (tags == null) {
                tags = new ArrayList<>(1);
                onType.put(path, tags);
            }
            tags.add(tag());
        }
    }

    /** The way into a type: {@code [} for each array, {@code *} for a wildcard's bound, the index of a type argument. */
    private String path() {
        var path = new StringBuilder();
        for (int steps = in.get(); steps > 0; steps--) {
            var kind = in.get();
            var argument = in.get();
            switch (kind) {
                case 0 -> path.append('[');
                case 2 -> path.append('*');
                case 3 -> path.append(argument);
                default -> {
                    // Into an inner class: the type is the same.
                }
            }
        }
        return path.toString();
    }

    private List<Tag> tags() {
        int count = in.getChar();
        var tags = new ArrayList<Tag>(count);
        for (int i = 0; i < count; i++) {
            tags.add(tag());
        }
        return tags;
    }

    private Tag tag() {
        var descriptor = text();
        var values = new HashMap<String, Object>();
        for (int pairs = in.getChar(); pairs > 0; pairs--) {
            var name = text();
            values.put(name, value());
        }
        return new Tag(descriptor.substring(1, descriptor.length() - 1).replace('/', '.'), values);
    }

    private Object value() {
        return switch (in.get()) {
            case '@' -> tag();
            case '[' -> values();
            case 'e' -> {
                skip(2);
                yield text();
            }
            case 's', 'c' -> text();
            case 'J' -> in.getLong(constants[in.getChar()]);
            case 'D' -> in.getDouble(constants[in.getChar()]);
            case 'F' -> in.getFloat(constants[in.getChar()]);
            case 'Z' -> in.getInt(constants[in.getChar()]) != 0;
            default -> in.getInt(constants[in.getChar()]);
        };
    }

    private List<Object> values() {
        int count = in.getChar();
        var values = new ArrayList<Object>(count);
        for (int i = 0; i < count; i++) {
            values.add(value());
        }
        return values;
    }

    /** The text constant of which the index comes next. */
    private String text() {
        return text(in.getChar());
    }

    private String text(int constant) {
        var offset = constants[constant];
        var length = in.getChar(offset);
        var text = new String(in.array(), offset + 2, length, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') < 0) {
            return text;
        }
        // The form in class files is not quite UTF-8: zero, and what lies beyond the first plane, are written
        // otherwise.
        try {
            return new DataInputStream(new ByteArrayInputStream(in.array(), offset, length + 2)).readUTF();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void skip(int length) {
        in.position(in.position() + length);
    }
}
