package dev.plinth.examples.neighbours;

/** What a thing costs. */
record Price(String item, int cents) {}
