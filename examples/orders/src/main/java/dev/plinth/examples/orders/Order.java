package dev.plinth.examples.orders;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;

record Order(@NotBlank String id, @NotBlank String item, @Positive int quantity) {}
