package dev.plinth.secret;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Makes tokens of bytes that are no text, by the specification and not by {@link Fernet}. */
final class FernetBytes {
    private FernetBytes() {}

    static String token(String key, byte[] bytes) {
        try {
            var raw = Base64.getUrlDecoder().decode(key);
            var cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(raw, 16, 16, "AES"), new IvParameterSpec(new byte[16]));
            var hidden = cipher.doFinal(bytes);
            var token = ByteBuffer.allocate(25 + hidden.length + 32);
            token.put((byte) 0x80).putLong(1).put(new byte[16]).put(hidden);
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(raw, 0, 16, "HmacSHA256"));
            mac.update(token.array(), 0, token.position());
            token.put(mac.doFinal());
            return Base64.getUrlEncoder().encodeToString(token.array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
