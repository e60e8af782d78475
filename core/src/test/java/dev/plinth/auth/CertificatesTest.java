package dev.plinth.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.context.Principal;
import dev.plinth.schema.Live;
import dev.plinth.time.ManualTime;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A certificate without a subject, as SPIFFE makes them: {@code spiffe://shop/pricing} is all that it says. */
class CertificatesTest {
    private static final String WITHOUT_SUBJECT =
            """
            -----BEGIN CERTIFICATE-----
            MIIBeDCCAR6gAwIBAgIUBZXmYJHp/cFjeT7DMEp6tH08slUwCgYIKoZIzj0EAwIw
            DTELMAkGA1UEAwwCY2EwIBcNMjYxMjAxMDAwNTMyWhgPMjEyNjExMDcwMDA1MzJa
            MAAwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASVS2hVwBLIuTw1m9eBZ+CN9vjO
            LumfYWT+oVuTe/hsWNov7rMtWXW+Bfh4tqCMa/aHjT7zyC/W8AuEmIfn4QJmo2cw
            ZTAjBgNVHREBAf8EGTAXhhVzcGlmZmU6Ly9zaG9wL3ByaWNpbmcwHQYDVR0OBBYE
            FBO5cCAhq4kcvGGhWAMTqD2ApWtPMB8GA1UdIwQYMBaAFKKltfVuGXQDI6yBUc9i
            oLWy1P17MAoGCCqGSM49BAMCA0gAMEUCIQCT2mA4ltp5CKgFR7FNI2nIGgnxhP+y
            ffxbJ1b5uYGMbQIgCGfXRP0iRnsTkzOB+sfZ+vk0RYMmsqljCBeR/MTGOV0=
            -----END CERTIFICATE-----
            """;

    private static X509Certificate certificate() throws CertificateException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(WITHOUT_SUBJECT.getBytes(StandardCharsets.US_ASCII)));
    }

    private static Verdict judge(Map<String, Certificates.Subject> subjects) throws CertificateException {
        var shown = certificate();
        var time = new ManualTime(Instant.parse("2030-01-01T00:00:00Z"), 1);
        var settings = new Certificates.Settings(Live.of(subjects));
        try (var mesh = new Certificates("mesh", settings, time)) {
            return mesh.authenticate(new Evidence() {
                @Override
                public List<String> headers(String lowerCaseName) {
                    return List.of();
                }

                @Override
                public List<X509Certificate> certificates() {
                    return List.of(shown);
                }
            });
        }
    }

    @Test
    void withoutASubjectItIsNobody_unlessItIsNamed() throws CertificateException {
        assertThat(judge(Map.of()))
                .isEqualTo(new Verdict.Refused(
                        "the certificate has no subject (name it under subjects, by uri: or dns:)"));
        assertThat(judge(Map.of("CN=pricing", new Certificates.Subject(Optional.empty(), Set.of()))))
                .isEqualTo(Verdict.ABSENT);
        assertThat(judge(Map.of(
                        "uri:spiffe://shop/pricing",
                        new Certificates.Subject(Optional.of("pricing"), Set.of("service")))))
                .isEqualTo(new Verdict.Accepted(new Principal("pricing", Set.of("service"), "mesh", Map.of())));
    }
}
