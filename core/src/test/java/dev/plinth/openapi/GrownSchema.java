package dev.plinth.openapi;

import java.util.Random;

/** Schemas and values that grow by chance, of few names and small numbers, so that they meet. */
record GrownSchema(Random random) {
    private static final String[] NAMES = {"a", "b", "c"};
    private static final String[] TYPES = {"string", "integer", "number", "boolean", "object", "array", "null"};

    private int upTo(int bound) {
        return random.nextInt(bound);
    }

    private String name() {
        return NAMES[upTo(NAMES.length)];
    }

    String schema(int depth) {
        if (upTo(12) == 0) {
            return upTo(4) == 0 ? "false" : "true";
        }
        var text = new StringBuilder("{");
        int count = 1 + upTo(3);
        var used = new java.util.HashSet<String>();
        for (int i = 0; i < count; i++) {
            var keyword = keyword(depth);
            var key = keyword.substring(0, keyword.indexOf(':'));
            if (used.add(key)) {
                text.append(text.length() > 1 ? "," : "").append(keyword);
            }
        }
        return text.append('}').toString();
    }

    private String keyword(int depth) {
        int kind = upTo(depth > 0 ? 26 : 12);
        return switch (kind) {
            case 0 -> "\"type\":\"" + TYPES[upTo(TYPES.length)] + "\"";
            case 1 -> "\"type\":[\"" + TYPES[upTo(3)] + "\",\"" + TYPES[3 + upTo(4)] + "\"]";
            case 2 -> "\"minimum\":" + upTo(4);
            case 3 -> "\"exclusiveMaximum\":" + upTo(4);
            case 4 -> "\"multipleOf\":" + (upTo(2) == 0 ? "0.5" : "2");
            case 5 -> "\"minLength\":" + upTo(3);
            case 6 -> "\"maxLength\":" + upTo(3);
            case 7 -> "\"required\":[\"" + name() + "\"]";
            case 8 -> "\"enum\":[" + value(1) + "," + value(0) + "]";
            case 9 -> "\"minItems\":" + upTo(3);
            case 10 -> "\"uniqueItems\":true";
            case 11 -> "\"maxProperties\":" + upTo(3);
            case 12 -> "\"properties\":{\"a\":" + schema(depth - 1) + ",\"b\":" + schema(depth - 1) + "}";
            case 13 -> "\"patternProperties\":{\"[ab]\":" + schema(depth - 1) + "}";
            case 14 -> "\"additionalProperties\":" + schema(depth - 1);
            case 15 -> "\"unevaluatedProperties\":" + schema(depth - 1);
            case 16 -> "\"items\":" + schema(depth - 1);
            case 17 -> "\"prefixItems\":[" + schema(depth - 1) + "," + schema(depth - 1) + "]";
            case 18 -> "\"contains\":" + schema(depth - 1);
            case 19 -> "\"allOf\":[" + schema(depth - 1) + "," + schema(depth - 1) + "]";
            case 20 -> "\"anyOf\":[" + schema(depth - 1) + "," + schema(depth - 1) + "]";
            case 21 -> "\"oneOf\":[" + schema(depth - 1) + "," + schema(depth - 1) + "]";
            case 22 -> "\"not\":" + schema(depth - 1);
            case 23 ->
                "\"if\":" + schema(depth - 1) + ",\"then\":" + schema(depth - 1) + ",\"else\":" + schema(depth - 1);
            case 24 -> "\"dependentRequired\":{\"a\":[\"" + name() + "\"]}";
            default -> "\"unevaluatedItems\":" + schema(depth - 1);
        };
    }

    String value(int depth) {
        return switch (upTo(depth > 0 ? 9 : 6)) {
            case 0 -> Integer.toString(upTo(5) - 1);
            case 1 -> upTo(4) + ".5";
            case 2 -> "\"" + "xyz".substring(upTo(4)) + "\"";
            case 3 -> upTo(2) == 0 ? "true" : "false";
            case 4 -> "null";
            case 5 -> upTo(4) + ".0";
            case 6 -> items(depth);
            default -> members(depth);
        };
    }

    private String items(int depth) {
        var text = new StringBuilder("[");
        for (int i = upTo(4); i > 0; i--) {
            text.append(value(depth - 1)).append(i > 1 ? "," : "");
        }
        return text.append(']').toString();
    }

    private String members(int depth) {
        var text = new StringBuilder("{");
        for (var name : NAMES) {
            if (upTo(2) == 0) {
                text.append(text.length() > 1 ? "," : "")
                        .append('"')
                        .append(name)
                        .append("\":")
                        .append(value(depth - 1));
            }
        }
        return text.append('}').toString();
    }
}
