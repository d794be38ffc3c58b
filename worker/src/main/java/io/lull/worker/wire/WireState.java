package io.lull.worker.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A connection as an operator sees it.
 *
 * @param security protocol and cipher
 * @param peer who the peer has proven to be
 * @param address where it is
 * @param peerCertificateUntil when its certificate ends; empty when it has shown none
 */
public record WireState(String security, String peer, String address, Optional<String> peerCertificateUntil) {
    /** What stands for security where there is none. */
    public static final String UNSAFE_PLAINTEXT = "UNSAFE PLAINTEXT";

    static WireState of(String address, Optional<PeerProof> proof) {
        return new WireState(
                proof.map(p -> p.protocol() + " " + p.cipher()).orElse(UNSAFE_PLAINTEXT),
                proof.map(p -> p.names().toString()).orElse("anyone: nothing is proven"),
                address,
                proof.map(p -> p.certificateUntil().toString()));
    }

    /** Adds it to a status document. */
    public void addTo(ObjectNode json) {
        ObjectNode wire = json.putObject("wire");
        wire.put("security", security).put("peer", peer).put("address", address);
        peerCertificateUntil.ifPresent(until -> wire.put("peerCertificateUntil", until));
    }
}
