package io.lull.worker.wire;

import io.lull.worker.protocol.ProtocolException;
import java.security.cert.Certificate;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * What a peer has proven: that it holds the key of a certificate which this side's authority signed.
 *
 * @param names what the certificate calls it
 * @param protocol version of TLS
 * @param cipher the cipher suite
 * @param certificateUntil when the certificate ends
 */
public record PeerProof(HostNames names, String protocol, String cipher, Instant certificateUntil) {
    static PeerProof of(SSLSession session) throws ProtocolException {
        try {
            Certificate[] chain = session.getPeerCertificates();
            if (chain.length == 0 || !(chain[0] instanceof X509Certificate own)) {
                throw new ProtocolException("TLS: the peer shows no X.509 certificate");
            }
            // The engine has done so, but not where a session of before was taken up again.
            own.checkValidity();
            return new PeerProof(
                    HostNames.of(own),
                    session.getProtocol(),
                    session.getCipherSuite(),
                    own.getNotAfter().toInstant());
        } catch (CertificateExpiredException | CertificateNotYetValidException e) {
            throw new ProtocolException("TLS: the peer's certificate is not valid now: " + e.getMessage());
        } catch (SSLPeerUnverifiedException e) {
            throw new ProtocolException("TLS: the peer shows no certificate");
        } catch (CertificateParsingException e) {
            throw new ProtocolException("TLS: the names in the peer's certificate can't be read: " + e.getMessage());
        }
    }
}
