package dev.plinth.http;

import org.junit.jupiter.api.Test;

class OpenApiTest {
    @Test
    void tells() throws Exception {
        java.nio.file.Files.writeString(
                java.nio.file.Path.of("/tmp/openapi/shop.yaml"),
                TestDoor.launch(DescribedShop::compose).openApi());
    }
}
