package dev.plinth.json;

import dev.plinth.schema.TextParser;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.InputCoercionException;

/** The types that JSON has itself: texts, numbers, true and false. Each takes its own JSON type and no other. */
enum Scalar implements Codec {
    STRING(String.class),
    BOOLEAN(boolean.class),
    INT(int.class),
    LONG(long.class),
    DOUBLE(double.class),
    FLOAT(float.class),
    SHORT(short.class),
    BYTE(byte.class),
    DECIMAL(BigDecimal.class),
    INTEGER(BigInteger.class);

    /** Writing out the digits of a larger exponent, or adding to it, would take memory without bound. */
    private static final int LARGEST_EXPONENT = 1000;

    private final Class<?> type;

    Scalar(Class<?> type) {
        this.type = type;
    }

    static @Nullable Scalar of(Class<?> type) {
        if (type == String.class) {
            return STRING;
        } else if (type == int.class || type == Integer.class) {
            return INT;
        } else if (type == long.class || type == Long.class) {
            return LONG;
        } else if (type == boolean.class || type == Boolean.class) {
            return BOOLEAN;
        } else if (type == double.class || type == Double.class) {
            return DOUBLE;
        } else if (type == BigDecimal.class) {
            return DECIMAL;
        } else if (type == BigInteger.class) {
            return INTEGER;
        } else if (type == float.class || type == Float.class) {
            return FLOAT;
        } else if (type == short.class || type == Short.class) {
            return SHORT;
        } else if (type == byte.class || type == Byte.class) {
            return BYTE;
        }
        return null;
    }

    @Override
    public Object read(Reading in) {
        var token = in.parser.currentToken();
        switch (this) {
            case STRING -> {
                if (token == JsonToken.VALUE_STRING) {
                    return in.parser.getString();
                }
            }
            case BOOLEAN -> {
                if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
                    return token == JsonToken.VALUE_TRUE;
                }
            }
            case INT, LONG, SHORT, BYTE, INTEGER -> {
                if (token == JsonToken.VALUE_NUMBER_INT) {
                    return whole(in);
                }
            }
            case DOUBLE, FLOAT, DECIMAL -> {
                if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
                    return decimal(in);
                }
            }
        }
        return in.wrongType(TextParser.expected(type));
    }

    private Object whole(Reading in) {
        try {
            if (this == INT) {
                return in.parser.getIntValue();
            } else if (this == LONG) {
                return in.parser.getLongValue();
            } else if (this == INTEGER) {
                return in.parser.getBigIntegerValue();
            }
            var value = in.parser.getIntValue();
            if (this == SHORT && value == (short) value) {
                return (short) value;
            } else if (this == BYTE && value == (byte) value) {
                return (byte) value;
            }
        } catch (InputCoercionException e) {
            // Beyond the range, which is what is reported below.
        }
        return in.fail("OUT_OF_RANGE", TextParser.expected(type), in.actual());
    }

    private Object decimal(Reading in) {
        if (this == DECIMAL) {
            return exact(in);
        } else if (this == DOUBLE) {
            var value = in.parser.getDoubleValue();
            if (!Double.isInfinite(value)) {
                return value;
            }
        } else {
            var value = in.parser.getFloatValue();
            if (!Float.isInfinite(value)) {
                return value;
            }
        }
        return in.fail(
                "OUT_OF_RANGE",
                "a number from " + (this == DOUBLE ? "-1.8e308 to 1.8e308" : "-3.4e38 to 3.4e38"),
                in.actual());
    }

    /** The number as it was written. */
    static Object exact(Reading in) {
        var value = in.parser.getDecimalValue();
        return Math.abs((long) value.scale()) > LARGEST_EXPONENT
                ? in.fail("OUT_OF_RANGE", "a number with an exponent from -1000 to 1000", in.actual())
                : value;
    }

    @Override
    public void write(Object value, JsonGenerator out) {
        switch (this) {
            case STRING -> out.writeString((String) value);
            case BOOLEAN -> out.writeBoolean((Boolean) value);
            case INT -> out.writeNumber((Integer) value);
            case LONG -> out.writeNumber((Long) value);
            case DOUBLE -> {
                out.writeNumber((Double) value);
                refuseNonFinite((Double) value);
            }
            case FLOAT -> {
                out.writeNumber((Float) value);
                refuseNonFinite((Float) value);
            }
            case SHORT -> out.writeNumber((Short) value);
            case BYTE -> out.writeNumber((Byte) value);
            case DECIMAL -> out.writeNumber((BigDecimal) value);
            case INTEGER -> out.writeNumber((BigInteger) value);
        }
    }

    /** After it was written, since only then does the generator stand at its place; what was written is thrown away. */
    private static void refuseNonFinite(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(value + " is no number of JSON (expected: a finite one)");
        }
    }
}
