package io.lull.worker.config;

import io.lull.worker.wire.HostNames;

/**
 * Who this host is to the other side, and whom it trusts: PEM files, all or none of them.
 *
 * @param certificate this host's certificate
 * @param key its key
 * @param authority certificate of the authority that signs for the other side
 */
public record TlsConfig(String certificate, String key, String authority) {
    public TlsConfig {
        boolean any = !certificate.isBlank() || !key.isBlank() || !authority.isBlank();
        boolean all = !certificate.isBlank() && !key.isBlank() && !authority.isBlank();
        if (any && !all) {
            throw new IllegalArgumentException("'tls' needs all of certificate, key and authority");
        }
    }

    /** Whether the files are given. */
    public boolean used() {
        return !certificate.isBlank();
    }

    /**
     * Refuses a configuration that doesn't say how the other side is to be known, and one that says two things.
     *
     * @param plaintextKey the key of the flag
     * @param host this host's name, which its certificate must be able to carry
     */
    static void require(TlsConfig tls, String plaintextKey, boolean unsafePlaintext, String host) {
        if (tls.used() && unsafePlaintext) {
            throw new IllegalArgumentException(
                    "'tls' and '" + plaintextKey + ": true' exclude each other; drop the second to be safe");
        }
        if (!tls.used() && !unsafePlaintext) {
            throw new IllegalArgumentException("'tls' must be given; `lull certs` makes its files. On a network that"
                    + " nobody else can reach, " + plaintextKey + ": true does without");
        }
        if (tls.used() && !HostNames.canName(host)) {
            throw new IllegalArgumentException(
                    "'host' must be " + HostNames.rule() + " for a certificate to carry it, is '" + host + "'");
        }
    }
}
