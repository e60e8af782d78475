package dev.plinth.log;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;

/**
 * Sets {@code java.util.logging} up at the moment when a library first uses it: with {@link JulHandler} alone and the
 * levels of the chassis. Made by {@link LogManager} through the property {@code java.util.logging.config.class}.
 */
public final class JulSetup {
    static final String PROPERTY = "java.util.logging.config.class";

    /**
     * For {@link LogManager}.
     *
     * @throws IOException never
     */
    public JulSetup() throws IOException {
        var properties = Backend.current().jul().properties();
        LogManager.getLogManager()
                .readConfiguration(new ByteArrayInputStream(properties.getBytes(StandardCharsets.UTF_8)));
    }
}
