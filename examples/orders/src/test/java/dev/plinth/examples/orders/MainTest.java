package dev.plinth.examples.orders;

import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void ordersAreKept() {}
}
