package io.lull.worker.wire;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Who a peer must have proven to be. */
@FunctionalInterface
public interface PeerRule {
    /** Any host of this authority. */
    PeerRule ANY_HOST = proof -> proof.names().hosts().isEmpty()
            ? Optional.of("the peer's certificate names no host of Lull (" + HostNames.HOST_URI + "NAME)")
            : Optional.empty();

    /** What is wrong with a peer; empty when it is the right one. */
    Optional<String> fault(PeerProof proof);

    /** One of these hosts. */
    static PeerRule anyOf(Set<String> hosts) {
        Set<String> wanted = new TreeSet<>(hosts);
        return proof -> proof.names().hosts().stream().anyMatch(wanted::contains)
                ? Optional.empty()
                : Optional.of("the peer's certificate is of " + proof.names() + ", wanted is host "
                        + String.join(" or ", wanted));
    }

    /** Whoever is at this address, as a certificate can tell: its DNS name or its IP address. */
    static PeerRule at(String address) {
        String wanted = address.toLowerCase(Locale.ROOT);
        return proof -> proof.names().addresses().contains(wanted)
                ? Optional.empty()
                : Optional.of("the peer's certificate is of " + proof.names() + ", not of " + wanted
                        + ": say in backup.host which host it is, or make its certificate with --address " + wanted);
    }
}
