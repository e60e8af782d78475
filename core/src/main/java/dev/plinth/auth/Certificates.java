package dev.plinth.auth;

import dev.plinth.context.Principal;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.schema.Live;
import dev.plinth.time.Time;
import jakarta.validation.constraints.NotBlank;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Knows callers by the certificate that the listener has asked for and judged (mTLS). Nothing that a header says of a
 * certificate counts.
 */
final class Certificates implements Authenticator {
    private static final int DNS = 2;
    private static final int URI = 6;

    /**
     * Whom certificates stand for.
     *
     * @param subjects by whole subject ({@code CN=pricing,O=Shop}), or by an alternative name ({@code
     *     uri:spiffe://shop/pricing}, {@code dns:pricing.shop}); without any each certificate that the listener trusts is
     *     let in under its subject, without a role
     */
    record Settings(
            @Default("")
                    @Doc(
                            "Who they are, by whole subject (`CN=pricing,O=Shop`), `uri:…` or `dns:…`; without any, whoever"
                                    + " the listener trusts, without a role.")
                    Live<Map<String, Subject>> subjects) {
        Settings {
            index("", subjects.get());
        }
    }

    /**
     * One whom a certificate stands for.
     *
     * @param name of the principal; the key itself unless set
     * @param roles that the caller has
     */
    record Subject(
            @Doc("Name of the caller; the key itself unless set.") Optional<@NotBlank String> name,
            @Default("") @Doc("Roles that the caller has.") Set<String> roles) {}

    private final String name;
    private final Time time;
    private final Live.Watch watch;
    private volatile Map<String, Principal> callers;

    Certificates(String name, Settings settings, Time time) {
        this.name = name;
        this.time = time;
        this.watch = settings.subjects().watch((_, now) -> callers = index(name, now));
        this.callers = index(name, settings.subjects().get());
    }

    private static Map<String, Principal> index(String by, Map<String, Subject> subjects) {
        var callers = new HashMap<String, Principal>();
        subjects.forEach((key, subject) -> callers.put(
                key.startsWith("uri:") || key.startsWith("dns:") ? key : canonical(key),
                new Principal(subject.name().orElse(key), subject.roles(), by, Map.of())));
        return callers;
    }

    private static String canonical(String subject) {
        try {
            return new X500Principal(subject).getName(X500Principal.CANONICAL);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(
                    "subjects: '" + subject
                            + "' (expected: a whole subject such as CN=pricing,O=Shop, or uri:… or dns:… of an alternative"
                            + " name)",
                    wrong);
        }
    }

    @Override
    public Verdict authenticate(Evidence evidence) {
        var shown = evidence.certificates();
        if (shown.isEmpty()) {
            return Verdict.ABSENT;
        }
        var certificate = shown.getFirst();
        try {
            // The listener has judged it once, and a connection may outlive it.
            certificate.checkValidity(Date.from(time.now()));
        } catch (CertificateException over) {
            return new Verdict.Refused("the certificate is not valid now: " + over.getMessage());
        }
        var callers = this.callers;
        var subject = certificate.getSubjectX500Principal();
        if (callers.isEmpty()) {
            if (subject.getName().isEmpty()) {
                return new Verdict.Refused("the certificate has no subject (name it under subjects, by uri: or dns:)");
            }
            return new Verdict.Accepted(new Principal(subject.getName(), Set.of(), name, Map.of()));
        }
        var known = callers.get(subject.getName(X500Principal.CANONICAL));
        known = known == null ? byAlternativeName(certificate, callers) : known;
        // One that is trusted and not named is no wrong credential: it is nobody here, as a proxy in front may be.
        return known == null ? Verdict.ABSENT : new Verdict.Accepted(known);
    }

    private static @Nullable Principal byAlternativeName(X509Certificate certificate, Map<String, Principal> callers) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException malformed) {
            return null;
        }
        if (names == null) {
            return null;
        }
        for (var each : names) {
            var prefix = Integer.valueOf(URI).equals(each.getFirst())
                    ? "uri:"
                    : Integer.valueOf(DNS).equals(each.getFirst()) ? "dns:" : "";
            var known = prefix.isEmpty() ? null : callers.get(prefix + each.getLast());
            if (known != null) {
                return known;
            }
        }
        return null;
    }

    @Override
    public String source() {
        return CERTIFICATE;
    }

    @Override
    public String challenge(String realm, boolean refused) {
        return "ClientCertificate realm=\"" + realm + "\"";
    }

    @Override
    public Map<String, Object> scheme() {
        return Map.of("type", "mutualTLS");
    }

    @Override
    public Optional<Set<String>> roles() {
        var all = new HashSet<String>();
        callers.values().forEach(caller -> all.addAll(caller.roles()));
        return Optional.of(all);
    }

    @Override
    public void close() {
        watch.close();
    }
}
