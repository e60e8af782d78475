package dev.plinth.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ViolationTest {
    @Test
    void cutsLongValuesBetweenCharacters() {
        assertThat(actual("x".repeat(100))).isEqualTo("x".repeat(100));
        assertThat(actual("x".repeat(101))).isEqualTo("x".repeat(100) + "…");
        assertThat(actual("x".repeat(99) + "😀")).isEqualTo("x".repeat(99) + "…");
    }

    private static String actual(String value) {
        return new Violation("", "MAX", "must be short", "", value).actual();
    }
}
