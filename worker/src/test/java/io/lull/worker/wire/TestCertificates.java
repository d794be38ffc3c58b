package io.lull.worker.wire;

import io.lull.worker.certs.CertificateAuthority;
import io.lull.worker.certs.HostRequest;
import io.lull.worker.certs.Issued;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Credentials of the tests' own authority, and of one that nobody here trusts. */
public final class TestCertificates {
    static final Instant NOW = Instant.now();
    static final CertificateAuthority OURS = authority();
    static final CertificateAuthority STRANGERS = authority();

    private static final Duration DAY = Duration.ofDays(1);

    private TestCertificates() {}

    private static CertificateAuthority authority() {
        return CertificateAuthority.create(NOW.minus(Duration.ofDays(30)), NOW.plus(Duration.ofDays(30)));
    }

    /** Of a host, and valid. */
    public static Credentials of(String host, String... addresses) {
        return signed(OURS, new HostRequest(host, List.of(addresses), NOW.minus(DAY), NOW.plus(DAY)));
    }

    /** Of a host by an authority that nobody trusts; the holder trusts ours. */
    public static Credentials strangers(String host) {
        return signed(STRANGERS, new HostRequest(host, List.of(), NOW.minus(DAY), NOW.plus(DAY)));
    }

    /** Of a host, and valid in another time. */
    static Credentials validFrom(String host, Instant from) {
        return signed(OURS, new HostRequest(host, List.of(), from, from.plus(DAY)));
    }

    private static Credentials signed(CertificateAuthority by, HostRequest request) {
        Issued issued = by.issue(request);
        return new Credentials(
                List.of(issued.certificate()), issued.key(), List.of(OURS.own().certificate()));
    }
}
