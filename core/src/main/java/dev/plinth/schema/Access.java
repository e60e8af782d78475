package dev.plinth.schema;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls the canonical constructor and the accessors of a record, as code that was written for it would.
 *
 * <p>It writes that code, one small class without a name, beside each record: {@code new Order((String) values[0],
 * (Integer) values[1])} and {@code into[0] = order.id(); into[1] = order.quantity()}. Reflection would do the same
 * through method handles, of which each new list of parameters costs a start one to twenty milliseconds, also with an
 * ahead-of-time cache; this takes half of one, and is faster ever after. The format is chapter 4 of the JVM
 * specification; without branches it needs no more of it than this.
 */
final class Access {
    /** Of no record. */
    static final Object NONE = new None();

    private static final int CODE_VERSION = 55; // Java 11, the first in which nest mates may call private constructors.
    private static final int FINAL_SYNTHETIC_SUPER = 0x1030;
    private static final int PUBLIC = 1;
    private static final int TEXT = 1;
    private static final int CLASS = 7;
    private static final int METHOD = 10;
    private static final int NAME_AND_TYPE = 12;

    private static final int SIPUSH = 0x11;
    private static final int ALOAD_0 = 0x2a;
    private static final int ALOAD_1 = 0x2b;
    private static final int ALOAD_2 = 0x2c;
    private static final int AALOAD = 0x32;
    private static final int AASTORE = 0x53;
    private static final int DUP = 0x59;
    private static final int ARETURN = 0xb0;
    private static final int RETURN = 0xb1;
    private static final int INVOKEVIRTUAL = 0xb6;
    private static final int INVOKESPECIAL = 0xb7;
    private static final int INVOKESTATIC = 0xb8;
    private static final int NEW = 0xbb;
    private static final int CHECKCAST = 0xc0;

    private static final String OBJECTS = "[Ljava/lang/Object;";

    private static final class None implements Function<Object, Object>, BiConsumer<Object, Object> {
        @Override
        public Object apply(Object values) {
            throw new IllegalStateException("the record can't be reached");
        }

        @Override
        public void accept(Object record, Object into) {
            throw new IllegalStateException("the record can't be reached");
        }
    }

    private final ByteArrayOutputStream constants = new ByteArrayOutputStream();
    private final DataOutputStream pool = new DataOutputStream(constants);
    private final Map<String, Integer> indexes = new HashMap<>();
    private final String record;
    private final RecordComponent[] components;

    private Access(Class<?> type) {
        this.record = type.getName().replace('.', '/');
        this.components = type.getRecordComponents();
    }

    /**
     * Both functions in one object: a {@link Function} from {@code Object[]} to the record, and a {@link BiConsumer} that
     * takes the record and the {@code Object[]} to fill.
     *
     * @throws IllegalAccessException if the package of the record is not open to this module
     */
    static Object to(Class<?> record) throws IllegalAccessException {
        try {
            return MethodHandles.privateLookupIn(record, MethodHandles.lookup())
                    .defineHiddenClass(new Access(record).write(), false, MethodHandles.Lookup.ClassOption.NESTMATE)
                    .lookupClass()
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (IllegalAccessException e) {
            throw e;
        } catch (ReflectiveOperationException | IOException e) { // Neither happens to a class that was just written.
            throw new IllegalStateException("can't reach the components of " + record.getTypeName(), e);
        }
    }

    private byte[] write() throws IOException {
        var body = new ByteArrayOutputStream();
        var out = new DataOutputStream(body);
        out.writeShort(FINAL_SYNTHETIC_SUPER | PUBLIC);
        out.writeShort(type(record + "$Access"));
        out.writeShort(type("java/lang/Object"));
        out.writeShort(2);
        out.writeShort(type("java/util/function/Function"));
        out.writeShort(type("java/util/function/BiConsumer"));
        out.writeShort(0);
        out.writeShort(3);
        method(out, "<init>", "()V", constructor());
        method(out, "apply", "(Ljava/lang/Object;)Ljava/lang/Object;", create());
        method(out, "accept", "(Ljava/lang/Object;Ljava/lang/Object;)V", read());
        out.writeShort(0);

        var file = new ByteArrayOutputStream();
        var head = new DataOutputStream(file);
        head.writeInt(0xcafebabe);
        head.writeInt(CODE_VERSION);
        head.writeShort(indexes.size() + 1);
        constants.writeTo(head);
        body.writeTo(head);
        return file.toByteArray();
    }

    private byte[] constructor() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var code = new DataOutputStream(bytes);
        code.writeByte(ALOAD_0);
        call(code, INVOKESPECIAL, "java/lang/Object", "<init>", "()V");
        code.writeByte(RETURN);
        return bytes.toByteArray();
    }

    private byte[] create() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var code = new DataOutputStream(bytes);
        code.writeByte(NEW);
        code.writeShort(type(record));
        code.writeByte(DUP);
        var parameters = new StringBuilder("(");
        for (int i = 0; i < components.length; i++) {
            var type = components[i].getType();
            parameters.append(type.descriptorString());
            code.writeByte(ALOAD_1);
            cast(code, OBJECTS);
            code.writeByte(SIPUSH);
            code.writeShort(i);
            code.writeByte(AALOAD);
            var box = box(type);
            cast(code, box == null ? name(type) : box);
            if (box != null) {
                call(code, INVOKEVIRTUAL, box, type.getName() + "Value", "()" + type.descriptorString());
            }
        }
        call(code, INVOKESPECIAL, record, "<init>", parameters + ")V");
        code.writeByte(ARETURN);
        return bytes.toByteArray();
    }

    private byte[] read() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var code = new DataOutputStream(bytes);
        for (int i = 0; i < components.length; i++) {
            var type = components[i].getType();
            code.writeByte(ALOAD_2);
            cast(code, OBJECTS);
            code.writeByte(SIPUSH);
            code.writeShort(i);
            code.writeByte(ALOAD_1);
            cast(code, record);
            call(code, INVOKEVIRTUAL, record, components[i].getName(), "()" + type.descriptorString());
            var box = box(type);
            if (box != null) {
                call(code, INVOKESTATIC, box, "valueOf", "(" + type.descriptorString() + ")L" + box + ";");
            }
            code.writeByte(AASTORE);
        }
        code.writeByte(RETURN);
        return bytes.toByteArray();
    }

    private void method(DataOutputStream out, String name, String descriptor, byte[] code) throws IOException {
        out.writeShort(PUBLIC);
        out.writeShort(text(name));
        out.writeShort(text(descriptor));
        out.writeShort(1);
        out.writeShort(text("Code"));
        out.writeInt(12 + code.length);
        // The deepest stack is that of create: the new record twice, all values, and the next one's array and index.
        out.writeShort(4 + 2 * components.length);
        out.writeShort(3);
        out.writeInt(code.length);
        out.write(code);
        out.writeShort(0);
        out.writeShort(0);
    }

    private void cast(DataOutputStream code, String type) throws IOException {
        code.writeByte(CHECKCAST);
        code.writeShort(type(type));
    }

    private void call(DataOutputStream code, int how, String owner, String name, String descriptor) throws IOException {
        code.writeByte(how);
        var nameAndType = constant(NAME_AND_TYPE, name + descriptor, text(name), text(descriptor));
        code.writeShort(constant(METHOD, owner + "." + name + descriptor, type(owner), nameAndType));
    }

    private int type(String name) throws IOException {
        return constant(CLASS, name, text(name), -1);
    }

    private int constant(int tag, String value, int first, int second) throws IOException {
        var key = tag + value;
        var known = indexes.get(key);
        if (known != null) {
            return known;
        }
        pool.writeByte(tag);
        pool.writeShort(first);
        if (second >= 0) {
            pool.writeShort(second);
        }
        return index(key);
    }

    private int text(String text) throws IOException {
        var key = TEXT + text;
        var known = indexes.get(key);
        if (known != null) {
            return known;
        }
        pool.writeByte(TEXT);
        pool.writeUTF(text);
        return index(key);
    }

    private int index(String key) {
        var index = indexes.size() + 1;
        indexes.put(key, index);
        return index;
    }

    private static String name(Class<?> type) {
        return type.isArray() ? type.descriptorString() : type.getName().replace('.', '/');
    }

    private static @Nullable String box(Class<?> type) {
        if (!type.isPrimitive()) {
            return null;
        } else if (type == int.class) {
            return "java/lang/Integer";
        } else if (type == char.class) {
            return "java/lang/Character";
        }
        var name = type.getName();
        return "java/lang/" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }
}
