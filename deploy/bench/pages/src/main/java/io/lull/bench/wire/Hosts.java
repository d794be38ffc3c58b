package io.lull.bench.wire;

import io.lull.worker.certs.CertificateAuthority;
import io.lull.worker.certs.HostRequest;
import io.lull.worker.certs.Issued;
import io.lull.worker.wire.Credentials;
import io.lull.worker.wire.MutualTls;
import io.lull.worker.wire.PeerRule;
import io.lull.worker.wire.Wiring;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * How two hosts protect their connection.
 *
 * @param primary its side
 * @param backup its side
 */
public record Hosts(Wiring primary, Wiring backup) {
    /** Nothing protects it. */
    public static final Hosts PLAINTEXT = new Hosts(Wiring.UNSAFE_PLAINTEXT, Wiring.UNSAFE_PLAINTEXT);

    private static final String PRIMARY = "host-a";
    private static final String BACKUP = "host-b";

    /** Mutual TLS 1.3, with an authority and certificates made for this call. */
    public static Hosts tls() {
        Instant now = Instant.now();
        CertificateAuthority authority =
                CertificateAuthority.create(now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(2)));
        return new Hosts(
                MutualTls.of(credentials(authority, PRIMARY)).towards(PeerRule.anyOf(Set.of(BACKUP))),
                MutualTls.of(credentials(authority, BACKUP)).from(PeerRule.anyOf(Set.of(PRIMARY))));
    }

    private static Credentials credentials(CertificateAuthority authority, String host) {
        Instant now = Instant.now();
        Issued issued = authority.issue(
                new HostRequest(host, List.of(), now.minus(Duration.ofMinutes(1)), now.plus(Duration.ofDays(1))));
        return new Credentials(
                List.of(issued.certificate()),
                issued.key(),
                List.of(authority.own().certificate()));
    }
}
