package dev.plinth.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.plinth.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A double of AWS KMS, and no more: Encrypt and Decrypt of its JSON protocol with keys that live as long as it does. It
 * wants signed requests and does not check the signatures.
 */
final class KmsDouble implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final HttpServer server;
    private final Map<String, byte[]> keys = new ConcurrentHashMap<>();
    final List<String> targets = new CopyOnWriteArrayList<>();

    /** What it answers instead of 200. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;
        private final String type;

        Refusal(String type, String message) {
            super(message);
            this.type = type;
        }
    }

    KmsDouble() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Makes a key of that id. */
    void key(String id) {
        var key = new byte[32];
        RANDOM.nextBytes(key);
        keys.put(id, key);
    }

    /** From now on nobody may use that key. */
    void forget(String id) {
        keys.remove(id);
    }

    private void answer(HttpExchange exchange) throws IOException {
        int status = 200;
        var answer = new LinkedHashMap<String, Object>();
        try {
            var target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
            targets.add(target);
            var authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            if (!authorization.startsWith("AWS4-HMAC-SHA256 Credential=")
                    || !authorization.contains("/eu-central-1/kms/aws4_request")) {
                throw new Refusal("MissingAuthenticationTokenException", "not signed");
            }
            Map<?, ?> request = Json.standard().read(exchange.getRequestBody().readAllBytes(), Map.class);
            switch (target) {
                case "TrentService.Encrypt" -> encrypt(request, answer);
                case "TrentService.Decrypt" -> decrypt(request, answer);
                default -> throw new Refusal("UnknownOperationException", target);
            }
        } catch (Refusal e) {
            status = 400;
            answer.put("__type", e.type);
            answer.put("message", e.getMessage());
        }
        var bytes = Json.standard().write(answer);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void encrypt(Map<?, ?> request, Map<String, Object> answer) throws Refusal {
        var id = String.valueOf(request.get("KeyId"));
        var iv = new byte[12];
        RANDOM.nextBytes(iv);
        var hidden = cipher(Cipher.ENCRYPT_MODE, id, iv, bytes(request, "Plaintext"));
        var name = id.getBytes(StandardCharsets.UTF_8);
        var blob = new byte[1 + name.length + iv.length + hidden.length];
        blob[0] = (byte) name.length;
        System.arraycopy(name, 0, blob, 1, name.length);
        System.arraycopy(iv, 0, blob, 1 + name.length, iv.length);
        System.arraycopy(hidden, 0, blob, 1 + name.length + iv.length, hidden.length);
        answer.put("CiphertextBlob", Base64.getEncoder().encodeToString(blob));
        answer.put("KeyId", id);
    }

    private void decrypt(Map<?, ?> request, Map<String, Object> answer) throws Refusal {
        var blob = bytes(request, "CiphertextBlob");
        int length = blob.length == 0 ? 0 : blob[0];
        if (length <= 0 || blob.length < 1 + length + 12) {
            throw new Refusal("InvalidCiphertextException", "too short");
        }
        var id = new String(blob, 1, length, StandardCharsets.UTF_8);
        var asked = request.get("KeyId");
        if (asked != null && !asked.equals(id)) {
            throw new Refusal(
                    "IncorrectKeyException",
                    "The key ID in the request does not identify a CMK that can perform" + " this operation.");
        }
        var iv = Arrays.copyOfRange(blob, 1 + length, 1 + length + 12);
        var text = cipher(Cipher.DECRYPT_MODE, id, iv, Arrays.copyOfRange(blob, 1 + length + 12, blob.length));
        answer.put("Plaintext", Base64.getEncoder().encodeToString(text));
        answer.put("KeyId", id);
        answer.put("EncryptionAlgorithm", "SYMMETRIC_DEFAULT");
    }

    private byte[] cipher(int mode, String id, byte[] iv, byte[] bytes) throws Refusal {
        var key = keys.get(id);
        if (key == null) {
            throw new Refusal("AccessDeniedException", "User: desk is not authorized to perform: kms:Decrypt");
        }
        try {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv));
            return cipher.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new Refusal("InvalidCiphertextException", "changed");
        }
    }

    private static byte[] bytes(Map<?, ?> request, String name) {
        return Base64.getDecoder().decode(String.valueOf(request.get(name)));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
