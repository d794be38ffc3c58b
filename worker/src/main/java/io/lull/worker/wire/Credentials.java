package io.lull.worker.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Who this host is, and whom it trusts.
 *
 * @param chain this host's certificate first, then those between it and its authority, if any
 * @param key the certificate's key
 * @param authorities certificates of those who sign for peers; several while one takes over from another
 */
public record Credentials(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> authorities) {
    private static final byte[] PROBE = "lull".getBytes(StandardCharsets.US_ASCII);

    public Credentials {
        chain = List.copyOf(chain);
        authorities = List.copyOf(authorities);
        if (chain.isEmpty() || authorities.isEmpty()) {
            throw new IllegalArgumentException("a certificate and an authority are needed");
        }
        for (X509Certificate authority : authorities) {
            // Minus one: not a certificate that may sign others.
            if (authority.getBasicConstraints() < 0) {
                throw new IllegalArgumentException(
                        "the authority " + authority.getSubjectX500Principal() + " is no authority's certificate");
            }
        }
        if (!belongTogether(key, chain.get(0))) {
            throw new IllegalArgumentException(
                    "the key does not belong to the certificate " + chain.get(0).getSubjectX500Principal());
        }
    }

    /**
     * Reads PEM files.
     *
     * @throws IOException when a file can't be read, or is not what it must be; one line that says which and what to do
     */
    public static Credentials read(Path certificate, Path key, Path authority) throws IOException {
        List<X509Certificate> chain = Pem.certificates(certificate);
        PrivateKey secret = Pem.privateKey(key, chain.get(0).getPublicKey().getAlgorithm());
        try {
            return new Credentials(chain, secret, Pem.certificates(authority));
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    certificate + ", " + key + ", " + authority + " don't go together: " + e.getMessage(), e);
        }
    }

    /** This host's certificate. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    private static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
        try {
            String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256with" + key.getAlgorithm();
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(PROBE);
            byte[] signed = signer.sign();
            signer.initVerify(certificate.getPublicKey());
            signer.update(PROBE);
            return signer.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
